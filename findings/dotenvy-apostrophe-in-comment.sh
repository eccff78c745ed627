#!/usr/bin/env bash
# dotenvy 0.15.7: a comment after a value may contain an apostrophe (`A=1 # it's one`), but only if a single blank is in
# front of it. After two or more blanks, which people use to align comments, the apostrophe opens a quoted string that
# continues on the next lines. The lines up to the next apostrophe become a part of the comment: their variables are not
# set, and the iterator returns no error. Output seen:
#   one blank: A=1 B=2 C=3
#   two blanks: A=1 C=3
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
dotenvy = "=0.15.7"
TOML
cat > src/main.rs <<'RUST'
fn read(file: &str) -> String {
    let items = dotenvy::from_read_iter(file.as_bytes()).map(|item| item.expect("no error is returned"));
    items.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

fn main() {
    println!("one blank: {}", read("A=1 # it's one\nB=2 # isn't one\nC=3\n"));
    println!("two blanks: {}", read("A=1  # it's one\nB=2  # isn't one\nC=3\n"));
}
RUST
output=$(cargo run --quiet)
echo "$output"
[ "$output" = $'one blank: A=1 B=2 C=3\ntwo blanks: A=1 C=3' ]
