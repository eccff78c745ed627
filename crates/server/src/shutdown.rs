//! The end of the server: the first signal lets requests finish, the second does not.

use std::io;

use actix_web::dev::Server;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end the server: SIGTERM, and SIGINT, which Ctrl-C sends.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

/// How the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Every request was answered, or had as long as it gets.
    Drained,
    /// A second signal cut off what was under way.
    Cut,
}

impl Signals {
    /// Begins to listen, so that no signal from here on ends the process by itself.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal, and names it.
    pub(crate) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Runs the server until a signal ends it. After the first signal it takes no new connections and
/// lets requests finish within its time-out.
///
/// # Errors
/// When the server fails by itself.
pub(crate) async fn run_until_signal(server: Server, mut signals: Signals) -> io::Result<Ending> {
    let handle = server.handle();
    tokio::pin!(server);
    tokio::select! {
        ended = &mut server => return ended.map(|()| Ending::Drained),
        signal = signals.next() => tracing::info!(signal, "stopping; a second signal stops at once"),
    }
    // The command is sent by the call; the server itself tells when it is done.
    drop(handle.stop(true));
    tokio::select! {
        ended = &mut server => ended.map(|()| Ending::Drained),
        signal = signals.next() => {
            tracing::warn!(signal, "stopping at once");
            Ok(Ending::Cut)
        }
    }
}
