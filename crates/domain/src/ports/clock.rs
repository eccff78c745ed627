//! The port to the current time.

use chrono::Utc;

use crate::model::{Timestamp, to_microseconds};

/// The source of the current time.
pub trait Clock: Send + Sync {
    /// The current time, cut to the microsecond.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine. Instances that share a database need clocks within two seconds of each
/// other, or a refresh that is repeated on another instance may look like the reuse of a stolen token.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_microseconds(Utc::now())
    }
}
