//! The port to the current time.

use chrono::Utc;

use crate::model::{Timestamp, to_microseconds};

/// The source of the current time.
pub trait Clock: Send + Sync {
    /// Returns the current time, truncated to microseconds.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
///
/// The clocks of instances that share a database must not differ by more than two seconds. Otherwise a refresh that is
/// repeated on a different instance may look like the reuse of a stolen token.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_microseconds(Utc::now())
    }
}
