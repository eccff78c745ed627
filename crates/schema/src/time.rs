//! Moments on the wire.

use chrono::SecondsFormat;
use serde::Serializer;
use vestibule_domain::Timestamp;

/// RFC 3339 in UTC with `Z` and always six fractional digits, so that texts sort as times do.
pub(crate) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
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
