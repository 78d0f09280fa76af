#!/bin/sh
# Sets up .venv with the locked packages and this project: sh scripts/setup.sh LOCKFILE
set -eu
cd "$(dirname "$0")/.."

python=
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "需要 Python 3.11 或更新版本；例如 apt-get install python3 python3-venv" >&2
    echo "Python 3.11 or newer is needed; for example: apt-get install python3 python3-venv" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ] && ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "无法建立虚拟环境；Debian/Ubuntu 请运行 apt-get install python3-venv" >&2
    echo "No virtual environment could be made; on Debian/Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
