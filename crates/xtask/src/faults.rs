//! `cargo xtask faults`: repetition of the fault tests, such as full disks, kills, crashes and failovers.

use crate::process::Line;
use crate::{Outcome, tools};

pub(crate) fn run() -> Outcome {
    tools::ensure_for_tests()?;
    Line::new("cargo test --locked --package vestibule-persistence --test it").run()?;
    // Ten cycles of a full disk, fifty kills.
    Line::new("cargo test --locked --package vestibule-server --test it faults")
        .with("VESTIBULE_FAULT_FACTOR", "10")
        .run()
}
