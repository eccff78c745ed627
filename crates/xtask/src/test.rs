//! `cargo xtask test`: everything that has to hold, the quick checks first.

use std::time::Instant;

use crate::process::Line;
use crate::{Outcome, tools, web};

pub(crate) fn run() -> Outcome {
    let start = Instant::now();
    tools::ensure_for_tests()?;
    checks()?;
    web::check()?;
    rust()?;
    web::browse()?;
    let seconds = start.elapsed().as_secs();
    eprintln!("\n==> everything holds, after {} min {} s", seconds / 60, seconds % 60);
    Ok(())
}

/// The tests of the web app and no others.
pub(crate) fn web() -> Outcome {
    tools::ensure_for_tests()?;
    web::check()?;
    web::browse()
}

/// What can be said without running the program.
fn checks() -> Outcome {
    Line::new("cargo fmt --all --check").run()?;
    Line::new("cargo clippy --workspace --all-targets --locked -- -D warnings").run()?;
    Line::new("cargo doc --workspace --no-deps --locked")
        .with("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    Line::new("cargo xtask boundaries").run()?;
    // On PostgreSQL it is one of the tests, which have a server of their own.
    Line::new("cargo migrate check --engines sqlite --roundtrip").run()
}

/// The tests of all crates; none of those that want a database server may be skipped.
fn rust() -> Outcome {
    Line::new("cargo test --workspace --locked")
        .with("VESTIBULE_REQUIRE_POSTGRES", "1")
        .run()
}
