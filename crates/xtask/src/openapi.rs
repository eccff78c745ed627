//! `cargo xtask openapi`: the committed OpenAPI document.

use crate::Outcome;
use crate::files;
use crate::process::Line;

const DOCUMENT: &str = "docs/openapi.json";

pub(crate) fn run() -> Outcome {
    let document = Line::new("cargo run --quiet --package vestibule-server -- openapi").output()?;
    if !document.trim_start().starts_with('{') {
        return Err("the server did not print an OpenAPI document".to_owned());
    }
    files::write(DOCUMENT, document.as_bytes())
}
