//! `cargo xtask bench`: the server beside what it would be chosen instead of, and what its times tell.

use crate::process::Line;
use crate::{Outcome, python, tools};

pub(crate) fn run(args: &[&str]) -> Outcome {
    tools::ensure_for_benchmarks()?;
    Line::new("cargo build --release --locked --package vestibule-server").run()?;
    if let ["timing", rest @ ..] = args {
        return Line::new("python3 bench/timing.py").and(rest).run();
    }
    python::ensure("target/bench/venv", "bench/fastapi-guide/requirements.txt")?;
    Line::new("python3 bench/run.py").and(args).run()
}
