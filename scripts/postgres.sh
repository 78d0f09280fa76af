#!/bin/sh
# The tests of the database need PostgreSQL 15 with PostGIS: installed, else Debian's packages where
# we may install them. The tests start a server of their own; none has to run.
set -eu
if [ -x /usr/lib/postgresql/15/bin/initdb ] &&
    [ -f /usr/share/postgresql/15/extension/postgis.control ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing postgresql-15 and postgresql-15-postgis-3 for the tests of the database" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        postgresql-15 postgresql-15-postgis-3 >/dev/null && exit 0
fi
echo "数据库测试需要 PostgreSQL 15 与 PostGIS，请运行: sudo apt-get install postgresql-15 postgresql-15-postgis-3" >&2
echo "The tests of the database need PostgreSQL 15 with PostGIS: sudo apt-get install postgresql-15 postgresql-15-postgis-3" >&2
exit 1
