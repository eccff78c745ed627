//! Developer commands: `cargo xtask VERB`. The standard library and nothing else, so that they build in a
//! second.

mod bench;
mod boundaries;
mod dev;
mod faults;
mod files;
mod fuzz;
mod openapi;
mod process;
mod python;
mod serve;
mod test;
mod tools;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask VERB

  serve [ARGS…]         Build the web app if it changed, then run the server
  dev [ARGS…]           Run the server, and the web app from its sources beside it
  test                  Check everything: format, lints, documentation, boundaries, tests, the web app
  test-web              The part of it that needs the web app alone: checks, sizes, and the browser's tests
  boundaries [--bless]  Check which crate may depend on which, and what the domain depends on;
                        --bless writes the latter down anew
  bench [ARGS…]         Measure a release build beside the guide's FastAPI application, for some minutes;
                        --write puts the table into docs/benchmarks.md
  bench timing [ARGS…]  Measure whether the time of an answer tells anything about an account
  faults                Repeat the tests of faults ten times as often: full disks, kills, crashes, failovers
  fuzz-api [ARGS…]      Send made-up requests to a server on each database, for some minutes
  openapi               Write docs/openapi.json
  help                  Show this
";

/// What went wrong, said to a person.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nxtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Outcome {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    files::enter_workspace()?;
    match args.as_slice() {
        ["serve", rest @ ..] => serve::run(rest),
        ["dev", rest @ ..] => dev::run(rest),
        ["test"] => test::run(),
        ["test-web"] => test::web(),
        ["boundaries"] => boundaries::run(false),
        ["boundaries", "--bless"] => boundaries::run(true),
        ["bench", rest @ ..] => bench::run(rest),
        ["faults"] => faults::run(),
        ["fuzz-api", rest @ ..] => fuzz::run(rest),
        ["openapi"] => openapi::run(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("unknown: {}\n\n{HELP}", args.join(" "))),
    }
}
