//! Developer commands: `cargo xtask COMMAND`. They have few dependencies, so that they build in seconds.

mod boundaries;
mod dev;
mod files;
mod generator_test;
mod layers;
mod openapi;
mod process;
mod python;
mod resource;
mod test;
mod tools;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  new resource NAME FIELD:TYPE …
                        Generate a resource: see docs/adding-a-resource.md
  destroy resource NAME Remove a resource that was generated and not edited
  serve [ARGS…]         Build the web app if it changed, then run the server
  dev [ARGS…]           Run the server, and serve the web app from its sources
  test                  Check everything: format, lints, documentation, boundaries, tests, the web app
  test-web              Check only the web app: format, types, tests, sizes, and browser tests
  test-generator        Generate resources into a copy of the project, and check, test and remove them there
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
  example [--check]     Write docs/example-resource, what `new resource` generates
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
        ["new", "resource", rest @ ..] => resource::new(rest),
        ["destroy", "resource", rest @ ..] => resource::destroy(rest),
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
        ["example"] => resource::write_example(),
        ["example", "--check"] => resource::check_example(),
        ["test-generator"] => generator_test::run(),
        ["new" | "destroy", ..] => Err(format!("expected `{} resource NAME`", args[0])),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("unknown command: {}\n\n{HELP}", args.join(" "))),
    }
}
