//! Developer commands: `cargo xtask COMMAND`. They use only the standard library, so that they build in a second.

mod boundaries;
mod dev;
mod files;
mod layers;
mod openapi;
mod process;
mod python;
mod test;
mod tools;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  serve [ARGS…]         Build the web app if it changed, then run the server
  dev [ARGS…]           Run the server, and serve the web app from its sources
  test                  Check everything: format, lints, documentation, boundaries, tests, the web app
  test-web              Check only the web app: format, types, tests, sizes, and browser tests
  boundaries [--bless]  Check the dependencies between crates and between layers of the domain, and the packages
                        of the domain; --bless updates the list of those packages
  bench [ARGS…]         Compare a release build with FastAPI, better-auth and PocketBase, for half an hour;
                        --write puts the tables into docs/benchmarks.md
  bench --cores         Compare one core with all cores
  bench --against REV   Compare with the build of a commit
  bench timing [ARGS…]  Check that response times reveal nothing about an account
  faults                Repeat the fault tests ten times as often: full disks, kills, crashes, failovers
  fuzz-api [ARGS…]      Send generated requests to a server on each database, for some minutes
  openapi               Write docs/openapi.json
  help                  Show this
";

/// The result of a command. The error is a message for the developer.
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
        ["serve", rest @ ..] => dev::serve(rest),
        ["dev", rest @ ..] => dev::run(rest),
        ["test"] => test::run(),
        ["test-web"] => test::web(),
        ["boundaries"] => boundaries::run(false),
        ["boundaries", "--bless"] => boundaries::run(true),
        ["bench", rest @ ..] => python::bench(rest),
        ["faults"] => test::faults(),
        ["fuzz-api", rest @ ..] => python::fuzz_api(rest),
        ["openapi"] => openapi::run(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("unknown command: {}\n\n{HELP}", args.join(" "))),
    }
}
