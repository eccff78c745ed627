#!/usr/bin/env bash
# actix-router 0.5.4, which actix-web 4 uses: without its feature `unicode`, patterns with parameters are matched by
# regex-lite instead of regex. The name suggests that the feature only affects which characters match, but it is about
# speed: whoever turns off the default features of actix-web matches paths several times more slowly. In our server it
# was 7 % of the processor time of `GET /api/users/{id}`; with the feature, each of its workers needed some 6 MB more for
# the compiled patterns of its routes. Output seen (nanoseconds for each match of a path):
#   without unicode: 9288 ns, with unicode: 1020 ns (on a busy machine)
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
actix-router = { version = "=0.5.4", default-features = false }
[features]
unicode = ["actix-router/unicode"]
TOML
cat > src/main.rs <<'RUST'
use actix_router::{Path, ResourceDef};
use std::time::Instant;

const ROUNDS: u32 = 300_000;

fn main() {
    let route = ResourceDef::new("/api/users/{user_id}");
    let start = Instant::now();
    for _ in 0..ROUNDS {
        let mut path = Path::new("/api/users/01933b1e-7c00-7000-8000-2f6e4a1b9c3d");
        assert!(route.capture_match_info(&mut path));
    }
    println!("{}", start.elapsed().as_nanos() / u128::from(ROUNDS));
}
RUST
without=$(cargo run --quiet --release)
with=$(cargo run --quiet --release --features unicode)
echo "without unicode: $without ns, with unicode: $with ns"
(( without > 2 * with ))
