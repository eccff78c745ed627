//! The `vestibule` program: configuration, commands, and the composition root of all layers.
//!
//! `config` reads the settings, `bootstrap` builds the application from them, and `command` has a file for each
//! subcommand of the command line in `cli`.

pub mod cli;
pub mod command;
pub mod config;

mod bootstrap;
mod error;
mod management;
mod metrics;
mod preflight;
mod readiness;
mod secret_key_file;
mod shutdown;
mod telemetry;
mod web_app;
mod workers;

pub use error::{CommandError, StartupError};
