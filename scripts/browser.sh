#!/bin/sh
# The browser tests need a Chromium: an installed one, else Debian's package where we may install it.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing chromium and fonts-noto-cjk for the browser tests" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "浏览器测试需要 Chromium，请运行: sudo apt-get install chromium fonts-noto-cjk" >&2
echo "The browser tests need Chromium: sudo apt-get install chromium fonts-noto-cjk" >&2
exit 1
