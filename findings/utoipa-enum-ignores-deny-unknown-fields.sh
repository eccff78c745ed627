#!/usr/bin/env bash
# utoipa 6.0.0: `#[serde(deny_unknown_fields)]` adds `"additionalProperties": false` to the schema of a struct, as one
# expects, because serde then rejects other members. serde does the same for an enum with an internal tag and struct
# variants, but utoipa ignores the attribute there: the schema of each variant allows any further member. A client that
# validates its requests with the document learns of a misspelled member only from the server.
# Output seen:
#   struct: false
#   variant: null
#   serde: unknown field `extra`, expected `name`
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2024"
[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = "1"
utoipa = "=6.0.0"
TOML
cat > src/main.rs <<'RUST'
use serde::Deserialize;
use utoipa::{PartialSchema, ToSchema};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Thing {
    name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
#[allow(dead_code)]
enum Tagged {
    Thing { name: String },
}

fn main() {
    let of_struct = serde_json::to_value(Thing::schema()).unwrap();
    let of_enum = serde_json::to_value(Tagged::schema()).unwrap();
    println!("struct: {}", of_struct["additionalProperties"]);
    println!("variant: {}", of_enum["oneOf"][0]["additionalProperties"]);
    let json = r#"{ "kind": "Thing", "name": "a", "extra": 1 }"#;
    println!("serde: {}", serde_json::from_str::<Tagged>(json).unwrap_err().to_string().split(" at ").next().unwrap());
}
RUST
output=$(cargo run --quiet)
echo "$output"
grep -qx 'struct: false' <<<"$output"
grep -qx 'variant: null' <<<"$output"
grep -q '^serde: unknown field `extra`' <<<"$output"
