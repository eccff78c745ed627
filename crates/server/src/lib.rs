//! The program: settings, commands, and the place where the layers meet.
//!
//! `config` reads the settings, `wire` builds the application from them, and each file in `command` is
//! something that the program can be told to do.

pub mod cli;
pub mod command;
pub mod config;

mod delivery;
mod failure;
mod management;
mod metrics;
mod preflight;
mod readiness;
mod secret_key_file;
mod shutdown;
mod telemetry;
mod web;
mod wire;
mod workers;

pub use failure::Failure;
