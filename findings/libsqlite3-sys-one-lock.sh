#!/usr/bin/env bash
# libsqlite3-sys 0.37.0 (feature `bundled`, SQLite 3.51.3): its SQLite has SQLITE_ENABLE_MEMORY_MANAGEMENT and counts
# memory. One would expect connections of a thread-safe SQLite to be independent. With this option, the page caches of
# all connections form one group with one mutex, and memory statistics have a second one. Queries on several cores
# therefore wait for each other: we saw a query of 50 rows run at half the rate on eight cores that it had on one.
# LIBSQLITE3_FLAGS, which the build script reads, turns both off. Output seen:
#   default: memory management 1, statistics off 0
#   with flags: memory management 0, statistics off 1
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
libsqlite3-sys = { version = "=0.37.0", features = ["bundled"] }
TOML
cat > src/main.rs <<'RUST'
use libsqlite3_sys::sqlite3_compileoption_used as used;
fn main() {
    let (managed, uncounted) = unsafe { (used(c"ENABLE_MEMORY_MANAGEMENT".as_ptr()), used(c"DEFAULT_MEMSTATUS=0".as_ptr())) };
    println!("memory management {managed}, statistics off {uncounted}");
}
RUST
default=$(env -u LIBSQLITE3_FLAGS cargo run --quiet)
flagged=$(LIBSQLITE3_FLAGS="-USQLITE_ENABLE_MEMORY_MANAGEMENT -DSQLITE_DEFAULT_MEMSTATUS=0" cargo run --quiet)
echo "default: $default"
echo "with flags: $flagged"
[[ $default == "memory management 1, statistics off 0" && $flagged == "memory management 0, statistics off 1" ]]
