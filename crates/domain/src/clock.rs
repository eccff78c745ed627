//! Time as an input.

use chrono::{DateTime, SubsecRound, Utc};

/// A moment in UTC, whole to the microsecond: the precision that both databases keep.
pub type Timestamp = DateTime<Utc>;

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

/// Cuts a moment to the microsecond, so that what was written equals what is read back.
#[must_use]
pub fn to_microseconds(at: DateTime<Utc>) -> Timestamp {
    at.trunc_subsecs(6)
}
