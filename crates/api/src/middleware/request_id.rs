//! The identifier under which the log knows a request.

use actix_web::http::header::HeaderMap;
use uuid::Uuid;

const MAX_LENGTH: usize = 64;

/// The client's own identifier, if it is made of `A-Z a-z 0-9 . _ -` and no longer than 64 characters,
/// else a new one.
pub(super) fn request_id(headers: &HeaderMap) -> String {
    let own = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    own.filter(|id| is_plain(id))
        .map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned)
}

fn is_plain(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn of(id: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static("x-request-id"),
            HeaderValue::from_str(id).expect("a header"),
        );
        request_id(&headers)
    }

    #[test]
    fn a_plain_identifier_is_kept() {
        let longest = "a".repeat(64);
        for id in ["a", "7c1-Z_9.x", &longest] {
            assert_eq!(of(id), id);
        }
        let too_long = "a".repeat(65);
        for id in ["", "a b", "ä", "<script>", &too_long] {
            assert_eq!(of(id).len(), 32, "{id}");
        }
    }
}
