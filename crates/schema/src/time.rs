//! Timestamps in JSON.

use chrono::{DateTime, Datelike, SecondsFormat};
use serde::Serializer;
use vestibule_domain::{Timestamp, to_microseconds};

/// Serializes a time in RFC 3339 format, in UTC with `Z` and six fractional digits, so that the text sorts by time.
pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// Parses an RFC 3339 time, truncated to microseconds; `None` if it is malformed, outside the years 1 to 9999, or a leap
/// second, which PostgreSQL cannot store.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    // RFC 3339 has four-digit years only.
    let is_storable = (1..=9999).contains(&time.year()) && time.timestamp_subsec_nanos() < 1_000_000_000;
    is_storable.then(|| to_microseconds(time))
}

/// Serialization of optional times.
pub(crate) mod optional {
    use serde::Serializer;
    use vestibule_domain::Timestamp;

    #[expect(clippy::ref_option, reason = "serde's derive calls it so")]
    pub(crate) fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, serializer),
            None => serializer.serialize_none(),
        }
    }
}
