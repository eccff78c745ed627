//! The commands, one file for each.

mod audit;
mod config;
mod doctor;
mod errors;
mod health;
mod import;
mod key;
mod mail;
mod migrate;
mod password;
mod restore;
mod role;
mod seed;
mod serve;
mod session;
mod setup;
mod user;

use std::io::Write;

use crate::{
    CommandError, StartupError,
    cli::{self, Command},
    config::{Config, Environment},
    telemetry,
};

/// Runs a command, by default `serve`, and writes its output to `out`.
///
/// # Errors
/// Returns the [`CommandError`] to report.
pub async fn run(command: Option<Command>, environment: &Environment, out: &mut dyn Write) -> Result<(), CommandError> {
    // These need neither a configuration nor a database.
    match command {
        Some(Command::Openapi) => return print_openapi(out),
        Some(Command::Key(cli::Key::Generate { algorithm })) => return key::generate(algorithm, out),
        _ => {}
    }
    let config = Config::read(environment).map_err(StartupError::from)?;
    telemetry::start(&config.log);
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&config).await,
        Command::Migrate(command) => migrate::run(&command, &config, out).await,
        Command::User(command) => user::run(command, &config, out).await,
        Command::Role(command) => role::run(&command, &config, out).await,
        Command::Session(command) => session::run(&command, &config, out).await,
        Command::Mail(command) => mail::run(&command, &config, out).await,
        Command::Audit(cli::Audit::Export) => audit::export(&config, out).await,
        Command::Restore(cli::Restore::Complete) => restore::complete(&config, out).await,
        Command::Health { live } => health::check(&config, live, out),
        Command::Doctor => doctor::run(&config, out).await,
        Command::Openapi => print_openapi(out),
        Command::Key(cli::Key::Generate { algorithm }) => key::generate(algorithm, out),
        Command::Key(cli::Key::Reset) => key::reset(&config, out).await,
        Command::Config(cli::Config::Check) => config::check(&config, out),
    }
}

fn print_openapi(out: &mut dyn Write) -> Result<(), CommandError> {
    writeln!(out, "{}", vestibule_api::openapi_json())?;
    Ok(())
}
