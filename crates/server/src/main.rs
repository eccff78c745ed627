//! The program `vestibule`: see `vestibule help`.

use std::{io, mem::ManuallyDrop, process::ExitCode};

use actix_web::rt::System;
use clap::Parser;
use mimalloc::MiMalloc;
use vestibule_server::{cli::Cli, command, config::Environment};

/// Allocates on one thread what another thread frees faster than the allocator of the C library, as happens with every
/// row that SQLite returns.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::from_process();
    let mut out = io::stdout();
    // Never dropped: that would wait for blocking calls, such as a DNS lookup of a mail server that does not respond.
    let system = ManuallyDrop::new(System::new());
    match system.block_on(command::run(cli.command, &environment, &mut out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
