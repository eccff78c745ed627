//! `cargo xtask serve`: the server with the web app as it is now.

use crate::process::Line;
use crate::{Outcome, web};

pub(crate) fn run(args: &[&str]) -> Outcome {
    web::build()?;
    Line::new("cargo run --package vestibule-server -- serve")
        .and(args)
        .become_it()
}
