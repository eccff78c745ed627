//! Graceful shutdown: the first signal lets requests finish, the second one stops the server immediately.

use std::io;

use actix_web::dev::Server;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that stop the server: SIGTERM and SIGINT (Ctrl-C).
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

/// The outcome of a shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShutdownOutcome {
    /// All requests were answered or reached the shutdown timeout.
    Drained,
    /// A second signal aborted requests that were still running.
    Aborted,
}

impl Signals {
    /// Registers signal handlers. From here on, these signals no longer kill the process.
    ///
    /// # Errors
    /// Returns an error if the system rejects a handler.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal and returns its name.
    pub(crate) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Runs the server until a signal stops it. After the first signal, the server accepts no connections and lets requests
/// finish within its timeout.
///
/// # Errors
/// Returns an error if the server fails.
pub(crate) async fn run_until_signal(server: Server, mut signals: Signals) -> io::Result<ShutdownOutcome> {
    let handle = server.handle();
    tokio::pin!(server);
    tokio::select! {
        result = &mut server => return result.map(|()| ShutdownOutcome::Drained),
        signal = signals.next() => tracing::info!(signal, "stopping; a second signal stops immediately"),
    }
    // `stop` sends the command; the server future completes when the server has stopped.
    drop(handle.stop(true));
    tokio::select! {
        result = &mut server => result.map(|()| ShutdownOutcome::Drained),
        signal = signals.next() => {
            tracing::warn!(signal, "stopping immediately");
            Ok(ShutdownOutcome::Aborted)
        }
    }
}
