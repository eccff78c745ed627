#!/usr/bin/env bash
# utoipa 6.0.0: a field whose type is an enum of different types can be inlined in the schema of its struct, and one would
# expect its doc comment to become a description. The doc comment adds a second part that must also match: an object. So
# the schema rejects every string and number that serde writes. Validators report this only once they see a value, and
# generators of clients silently drop the member or its type. Without a doc comment, the schema is correct.
# Output seen:
#   without doc comment: {"oneOf":[{"type":"string"},{"format":"int64","type":"integer"}]}
#   with doc comment: {"allOf":[{"oneOf":[{"type":"string"},{"format":"int64","type":"integer"}]},{"description":"A name or a number.","type":"object"}]}
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
use serde::Serialize;
use utoipa::{PartialSchema, ToSchema};

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum NameOrNumber {
    Name(String),
    Number(i64),
}

#[derive(Serialize, ToSchema)]
struct Thing {
    #[schema(inline)]
    plain: NameOrNumber,
    /// A name or a number.
    #[schema(inline)]
    documented: NameOrNumber,
}

fn main() {
    let schema = serde_json::to_value(Thing::schema()).unwrap();
    println!("without doc comment: {}", schema["properties"]["plain"]);
    println!("with doc comment: {}", schema["properties"]["documented"]);
}
RUST
output=$(cargo run --quiet)
echo "$output"
grep -q '^without doc comment: {"oneOf":' <<<"$output"
grep '^with doc comment: {"allOf":' <<<"$output" | grep -q '"type":"object"'
