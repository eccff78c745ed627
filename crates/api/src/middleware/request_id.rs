//! The identifier of a request in logs and responses.

use actix_web::http::header::HeaderMap;
use uuid::Uuid;

const MAX_LENGTH: usize = 64;

/// Returns the `X-Request-Id` of the client if it has 1 to 64 characters of `A-Z a-z 0-9 . _ -`, otherwise a new
/// identifier.
pub(super) fn request_id(headers: &HeaderMap) -> String {
    let own = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    own.filter(|id| is_valid(id))
        .map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned)
}

fn is_valid(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn id_for(id: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static("x-request-id"),
            HeaderValue::from_str(id).expect("a header"),
        );
        request_id(&headers)
    }

    #[test]
    fn valid_request_id_is_reused() {
        let longest = "a".repeat(64);
        for id in ["a", "7c1-Z_9.x", &longest] {
            assert_eq!(id_for(id), id);
        }
        let too_long = "a".repeat(65);
        for id in ["", "a b", "ä", "<script>", &too_long] {
            assert_eq!(id_for(id).len(), 32, "{id}");
        }
    }
}
