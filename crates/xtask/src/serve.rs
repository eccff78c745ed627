//! `cargo xtask serve`: the server with a current build of the web app.

use crate::process::Line;
use crate::{Outcome, web};

pub(crate) fn run(args: &[&str]) -> Outcome {
    web::build()?;
    Line::new("cargo run --package vestibule-server -- serve")
        .and(args)
        .exec()
}
