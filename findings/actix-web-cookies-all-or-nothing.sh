#!/usr/bin/env bash
# actix-web 4.18.1: `HttpRequest::cookie(name)` parses the whole `Cookie` header as UTF-8 first. One byte that is not UTF-8
# in the value of any cookie of the host, such as a Latin-1 `é` that an old application on the same domain has set, makes
# every cookie of the request unreadable: `cookie("session")` is `None`, without an error, so the user seems to be signed
# out. HTTP allows these bytes in field values (RFC 9110, section 5.5), and browsers send them back as they were stored.
# The value that one asks for is affected although it is plain ASCII, also when it comes first. Output seen:
#   all ASCII: Some("abc"), with one Latin-1 byte in a different cookie: None
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
actix-web = { version = "=4.18.1", default-features = false, features = ["cookies", "macros"] }
TOML
cat > src/main.rs <<'RUST'
use actix_web::{http::header::HeaderValue, test::TestRequest};

fn session(cookies: &[u8]) -> Option<String> {
    let value = HeaderValue::from_bytes(cookies).expect("a valid header value");
    let request = TestRequest::default().insert_header(("cookie", value)).to_http_request();
    request.cookie("session").map(|cookie| cookie.value().to_owned())
}

fn main() {
    let ascii = session(b"session=abc; theme=cafe");
    let latin1 = session(b"session=abc; theme=caf\xe9");
    println!("all ASCII: {ascii:?}, with one Latin-1 byte in a different cookie: {latin1:?}");
}
RUST
output=$(cargo run --quiet)
echo "$output"
[ "$output" = 'all ASCII: Some("abc"), with one Latin-1 byte in a different cookie: None' ]
