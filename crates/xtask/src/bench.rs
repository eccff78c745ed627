//! `cargo xtask bench`: comparison with the guide's application, and timing of responses.

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
