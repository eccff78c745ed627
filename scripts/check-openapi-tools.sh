#!/usr/bin/env bash
# Runs seven tools on docs/openapi.json, compiles their output, and calls a server with two of the generated clients. Not
# part of CI.
#
#   scripts/check-openapi-tools.sh
#   VESTIBULE=target/release/vestibule scripts/check-openapi-tools.sh    # without building the server
#
# Requires npm, Python 3.11 or newer with venv, and access to the registries of both. The versions are pinned in
# scripts/openapi-tools. Everything is installed in a temporary folder, and the server stops with the script.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
server=(cargo run --quiet --package vestibule-server --)
[[ -z ${VESTIBULE:-} ]] || server=("$(realpath "$VESTIBULE")")

folder=$(mktemp -d)
server_pid=
stop() {
    [[ -z $server_pid ]] || { kill "$server_pid" && wait "$server_pid"; } 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' HUP INT TERM

cp -r "$root"/scripts/openapi-tools/. "$root/docs/openapi.json" "$folder"
cd "$folder"

failed=
# Runs a command and prints one line about it, and its output if it fails.
check() {
    local name=$1
    shift
    if "$@" >log 2>&1; then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        tail -n 40 log | sed 's/^/        /'
        failed=yes
    fi
}

version_of() {
    node -p "require('./package.json').dependencies['$1']"
}

python_version_of() {
    sed -n "s/^$1.*==//p" requirements.txt
}

echo "Installing the tools in $folder"
npm install --silent --no-audit --no-fund >npm.log 2>&1 &
npm_pid=$!
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement requirements.txt
wait "$npm_pid" || { cat npm.log; exit 1; }
PATH=$folder/node_modules/.bin:$folder/venv/bin:$PATH

# Five operations have no error of the client, so that Redocly misses a response 4XX, and one of them is a redirect, so that
# it misses a response 2XX; it finds nothing else.
lint() {
    redocly lint --format=summary openapi.json &&
        ! grep -E '^(error|warning) ' log | grep -Ev 'operation-(4xx-response: 5|2xx-response: 1)$'
}

generate_python_client() {
    openapi-python-client generate --path openapi.json --meta none --output-path generated/python_client --fail-on-warning &&
        mypy --strict generated/python_client
}

generate_models() {
    datamodel-codegen --input openapi.json --input-file-type openapi --output generated/models.py \
        --output-model-type pydantic_v2.BaseModel --target-python-version 3.11 --use-annotated --formatters builtin &&
        mypy --strict generated/models.py &&
        python -c 'import generated.models'
}

mkdir generated
check "Redocly CLI $(version_of @redocly/cli)" lint
check "openapi-typescript $(version_of openapi-typescript)" \
    openapi-typescript openapi.json --output generated/openapi-typescript.ts
check "orval $(version_of orval)" orval --config orval.config.mjs
check "@hey-api/openapi-ts $(version_of @hey-api/openapi-ts)" openapi-ts --input openapi.json --output generated/hey-api
check "Kubb $(version_of @kubb/core)" kubb generate --config kubb.config.mjs
check "openapi-python-client $(python_version_of openapi-python-client)" generate_python_client
check "datamodel-code-generator $(python_version_of datamodel-code-generator)" generate_models
check "strict TypeScript" tsc --project .

port=$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export BASE_URL=http://127.0.0.1:$port ADMIN_EMAIL=root@example.com ADMIN_PASSWORD="correct horse battery"
export DATABASE_URL=sqlite://$folder/vestibule.db VESTIBULE_ADDR=127.0.0.1:$port VESTIBULE_PUBLIC_URL=http://localhost:$port
export VESTIBULE_MANAGEMENT_ADDR=off
cd "$root"
"${server[@]}" >"$folder/server.log" 2>&1 &
server_pid=$!
until curl --silent --fail --output /dev/null "$BASE_URL/health/ready"; do
    kill -0 "$server_pid" 2>/dev/null || { cat "$folder/server.log"; exit 1; }
    sleep 0.5
done
"${server[@]}" user create --admin "$ADMIN_EMAIL" <<<"$ADMIN_PASSWORD" >/dev/null
cd "$folder"

check "calls with the client of @hey-api/openapi-ts" tsx client.ts
check "types of the calls in Python" mypy --strict client.py
check "calls with the client of openapi-python-client" python client.py

[[ -z $failed ]] || { echo "The OpenAPI document or a tool has a problem."; exit 1; }
echo "All tools accept the OpenAPI document."
