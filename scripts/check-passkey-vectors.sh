#!/usr/bin/env bash
# Lets @simplewebauthn/server verify responses of the soft authenticator, and compares its verdicts with those of
# Vestibule. Not part of CI.
#
# Requires Node.js 20 or newer with npm, and access to its registry. The version is pinned in scripts/passkey-vectors.
# Everything is installed in a temporary folder.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM

cp -r "$root"/scripts/passkey-vectors/. "$folder"
npm install --prefix "$folder" --silent --no-audit --no-fund
cd "$root"
export PASSKEY_VECTORS=$folder/vectors.json
cargo test --quiet --package vestibule-security --lib write_vectors -- --ignored >"$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
node "$folder/verify.mjs" "$PASSKEY_VECTORS"
