//! The program `vestibule`: see `vestibule help`.

use std::{
    io,
    mem::{self, ManuallyDrop},
    process::ExitCode,
};

use actix_web::rt::System;
use clap::Parser;
use vestibule_server::{cli::Cli, command, config::Environment};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::from_process();
    let mut out = io::stdout();
    // Never dropped: that would wait for blocking calls, such as a DNS lookup of a mail server that does not respond.
    let system = ManuallyDrop::new(System::new());
    // So that no worker thread drops the last handle: that would wake the system, which aborts a thread that is ending.
    mem::forget(System::current());
    match system.block_on(command::run(cli.command, &environment, &mut out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
