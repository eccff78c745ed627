//! Timestamps.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

/// A day of the calendar, without a time zone.
pub type Date = NaiveDate;

/// A time in UTC with microsecond precision, which both databases can store.
pub type Timestamp = DateTime<Utc>;

/// Truncates a time to microseconds, so that it equals the value that is read back from the database.
#[must_use]
pub fn to_microseconds(at: DateTime<Utc>) -> Timestamp {
    at.trunc_subsecs(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_microseconds_truncates_nanoseconds() {
        let exact = DateTime::from_timestamp_nanos(1_790_000_000_123_456_789);
        assert_eq!(to_microseconds(exact).timestamp_subsec_nanos(), 123_456_000);
    }
}
