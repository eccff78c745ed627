//! Timestamps.

use chrono::{DateTime, SubsecRound, Utc};

/// A moment in UTC, whole to the microsecond: the precision that both databases keep.
pub type Timestamp = DateTime<Utc>;

/// Cuts a moment to the microsecond, so that what was written equals what is read back.
#[must_use]
pub fn to_microseconds(at: DateTime<Utc>) -> Timestamp {
    at.trunc_subsecs(6)
}
