//! Moments on the wire.

use chrono::{DateTime, Datelike, SecondsFormat};
use serde::Serializer;
use vestibule_domain::{Timestamp, to_microseconds};

/// RFC 3339 in UTC with `Z` and always six fractional digits, so that texts sort as times do.
pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// Reads a time with an offset (RFC 3339), to the microsecond.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    // Years of four digits are all that it can be written with again.
    (1..=9999).contains(&time.year()).then(|| to_microseconds(time))
}

/// The same where there may be none.
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
