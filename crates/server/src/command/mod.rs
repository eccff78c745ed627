//! What the program can be told to do, a file for each.

mod audit;
mod check;
mod doctor;
mod health;
mod import;
mod key;
mod lookup;
mod mail;
mod migrate;
mod names;
mod openapi;
mod password;
mod refusal;
mod restore;
mod role;
mod seed;
mod serve;
mod session;
mod setup;
mod user;

use std::io::Write;

use crate::{
    Failure,
    cli::{self, Command},
    config::{Config, Environment},
    telemetry,
};

/// Does what was asked; `serve` when nothing was. What the command answers goes to `out`.
///
/// # Errors
/// Why it was not done.
pub async fn run(command: Option<Command>, environment: &Environment, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        Some(Command::Openapi) => return openapi::print(out),
        Some(Command::Key(cli::Key::Generate { algorithm })) => return key::generate(algorithm, out),
        _ => {}
    }
    let config = Config::read(environment)?;
    telemetry::start(&config.log);
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&config).await,
        Command::Migrate(action) => migrate::run(&action, &config, out).await,
        Command::Role(action) => role::run(&action, &config, out).await,
        Command::Session(action) => session::run(&action, &config, out).await,
        Command::Mail(action) => mail::run(&action, &config, out).await,
        Command::Audit(cli::Audit::Export) => audit::export(&config, out).await,
        Command::Restore(cli::Restore::Complete) => restore::complete(&config, out).await,
        Command::Health { live } => health::ask(&config, live, out),
        Command::Doctor => doctor::run(&config, out).await,
        Command::User(action) => user::run(action, &config, out).await,
        Command::Openapi => openapi::print(out),
        Command::Key(cli::Key::Generate { algorithm }) => key::generate(algorithm, out),
        Command::Key(cli::Key::Adopt) => key::adopt(&config, out).await,
        Command::Config(cli::Config::Check) => check::print(&config, out),
    }
}
