#!/usr/bin/env bash
# csv 1.4.0 (Rust): `Position::line` of a record is the line on which it begins, but only in files that end lines with LF. In
# a file with CRLF, which RFC 4180 prescribes, the reader has not counted the line feed of the previous record yet, so
# every record after the header is reported one line too early. Whoever prints these numbers in error messages sends
# the users of spreadsheets to the wrong row. Output seen:
#   LF: 2 3
#   CRLF: 1 2
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
csv = "=1.4.0"
TOML
cat > src/main.rs <<'RUST'
fn lines(file: &str) -> String {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let records = reader.records().map(|record| record.expect("a record"));
    let lines = records.map(|record| record.position().expect("a position").line().to_string());
    lines.collect::<Vec<_>>().join(" ")
}

fn main() {
    println!("LF: {}", lines("email\nada@example.com\ngrace@example.com\n"));
    println!("CRLF: {}", lines("email\r\nada@example.com\r\ngrace@example.com\r\n"));
}
RUST
output=$(cargo run --quiet)
echo "$output"
[ "$output" = $'LF: 2 3\nCRLF: 1 2' ]
