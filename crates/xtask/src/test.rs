//! `cargo xtask test`: all checks and tests, the fast ones first.

use std::time::Instant;

use crate::process::Line;
use crate::{Outcome, tools, web};

pub(crate) fn run() -> Outcome {
    let start = Instant::now();
    tools::ensure_for_tests()?;
    checks()?;
    web::check()?;
    Line::new("cargo xtask example --check").run()?;
    rust()?;
    web::test_in_browser()?;
    let seconds = start.elapsed().as_secs();
    eprintln!("\n==> all checks passed after {} min {} s", seconds / 60, seconds % 60);
    Ok(())
}

/// Runs only the checks and tests of the web app.
pub(crate) fn web() -> Outcome {
    tools::ensure_for_tests()?;
    web::check()?;
    web::test_in_browser()
}

/// Runs the checks that do not need the server.
fn checks() -> Outcome {
    Line::new("cargo fmt --all --check").run()?;
    Line::new("cargo clippy --workspace --all-targets --locked -- -D warnings").run()?;
    Line::new("cargo doc --workspace --no-deps --locked")
        .with("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    Line::new("cargo xtask boundaries").run()?;
    // A test does this on PostgreSQL, because tests start their own server.
    Line::new("cargo migrate check --engines sqlite --roundtrip").run()
}

/// Runs the tests of all crates, and fails if PostgreSQL is missing.
fn rust() -> Outcome {
    Line::new("cargo test --workspace --locked")
        .with("VESTIBULE_REQUIRE_POSTGRES", "1")
        .run()
}

/// `cargo xtask faults`: repetition of the fault tests, such as full disks, kills, crashes and failovers.
pub(crate) fn faults() -> Outcome {
    tools::ensure_for_tests()?;
    Line::new("cargo test --locked --package vestibule-persistence --test it").run()?;
    // Ten cycles of a full disk, fifty kills.
    Line::new("cargo test --locked --package vestibule-server --test it faults")
        .with("VESTIBULE_FAULT_FACTOR", "10")
        .run()
}
