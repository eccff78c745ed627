#!/usr/bin/env bash
# utoipa 6.0.0 with serde 1.0.229: `#[serde(rename = …)]` renames a variant in JSON and in the schema. If a macro passes the
# name as a `literal` fragment, serde still uses it, but utoipa ignores it without an error: the compiler wraps the
# fragment in an invisible group, which utoipa does not look into. So the schema lists names that the server never sends.
# Output seen:
#   written out: JSON "not_found", schema ["not_found"]
#   from a macro: JSON "not_found", schema ["NotFound"]
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
enum WrittenOut {
    #[serde(rename = "not_found")]
    NotFound,
}

macro_rules! codes {
    ($type:ident { $variant:ident = $name:literal }) => {
        #[derive(Serialize, ToSchema)]
        enum $type {
            #[serde(rename = $name)]
            $variant,
        }
    };
}
codes! { FromMacro { NotFound = "not_found" } }

fn print<T: Serialize + PartialSchema>(name: &str, value: T) {
    let schema = serde_json::to_value(T::schema()).unwrap();
    println!("{name}: JSON {}, schema {}", serde_json::to_value(value).unwrap(), schema["enum"]);
}

fn main() {
    print("written out", WrittenOut::NotFound);
    print("from a macro", FromMacro::NotFound);
}
RUST
output=$(cargo run --quiet)
echo "$output"
[[ $output == $'written out: JSON "not_found", schema ["not_found"]\nfrom a macro: JSON "not_found", schema ["NotFound"]' ]]
