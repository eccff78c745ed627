//! Paged lists: limits, cursors, and the headers with the total and the next page.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, LINK},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use vestibule_domain::{Limit, MacKeys, Purpose, Total};
use vestibule_schema::{FieldCode, FieldError};

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");
const TOTAL_KIND: HeaderName = HeaderName::from_static("x-total-count-kind");

/// The number of digest bytes in a cursor. It protects a position, not a secret.
const DIGEST_BYTES: usize = 16;

/// The scope of a cursor: the list with its filters and its order. A cursor is invalid in any other scope.
pub(crate) struct Scope<'a>(pub(crate) Vec<&'a str>);

impl Scope<'_> {
    /// Creates a cursor for a position.
    pub(crate) fn seal(&self, mac_keys: &dyn MacKeys, position: &[u8]) -> String {
        let digest = mac_keys.sign(Purpose::Cursor, &self.parts(position));
        let mut bytes = position.to_vec();
        bytes.extend_from_slice(&digest[..DIGEST_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Returns the position in a cursor, or an error if the cursor was not created in this scope.
    pub(crate) fn open(&self, mac_keys: &dyn MacKeys, cursor: &str) -> Result<Vec<u8>, FieldError> {
        let position = || {
            let mut bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let digest = bytes.split_off(bytes.len().checked_sub(DIGEST_BYTES)?);
            mac_keys
                .verify(Purpose::Cursor, &self.parts(&bytes), &digest)
                .then_some(bytes)
        };
        position().ok_or_else(|| {
            FieldError::new(
                FieldCode::InvalidFormat,
                "must be a cursor of this list with the same filters and sort",
            )
        })
    }

    /// Returns the parts that the digest covers.
    fn parts<'a>(&'a self, position: &'a [u8]) -> Vec<&'a [u8]> {
        let mut parts: Vec<&[u8]> = self.0.iter().map(|part| part.as_bytes()).collect();
        parts.push(position);
        parts
    }
}

/// Parses the maximum number of rows of a page.
pub(crate) fn limit(text: Option<&str>) -> Result<Limit, FieldError> {
    let Some(text) = text else { return Ok(Limit::default()) };
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    if !is_number {
        return Err(FieldError::new(FieldCode::InvalidType, "must be a whole number"));
    }
    let limit = text.parse().ok().and_then(Limit::new);
    limit.ok_or_else(|| FieldError::new(FieldCode::OutOfRange, format!("must be between 1 and {}", Limit::MAX)))
}

/// Returns 200 with the rows of a page as an array, and headers with the total and the next page.
pub(crate) fn page<T: Serialize>(
    request: &HttpRequest,
    rows: &[T],
    total: Option<Total>,
    next: Option<&str>,
) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(total) = total {
        let (count, kind) = match total {
            Total::Exact(count) => (count, "exact"),
            Total::AtLeast(count) => (count, "at_least"),
        };
        response.insert_header((TOTAL, count)).insert_header((TOTAL_KIND, kind));
    }
    if let Some(cursor) = next {
        response.insert_header((LINK, link(request, cursor)));
    }
    response.json(rows)
}

/// Returns a `Link` to the same request with a different cursor (RFC 8288).
fn link(request: &HttpRequest, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let parameters = form_urlencoded::parse(request.query_string().as_bytes());
    query
        .extend_pairs(parameters.filter(|(name, _)| name != "cursor"))
        .append_pair("cursor", cursor);
    format!("<{}?{}>; rel=\"next\"", request.path(), query.finish())
}

#[cfg(test)]
mod tests {
    use vestibule_security::{KeyRing, SecretKey};

    use super::*;

    /// A deterministic random number generator (xorshift).
    struct Rng(u64);

    impl Rng {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).expect("it fits") % bound
        }
    }

    #[test]
    fn forged_cursors_are_rejected() {
        let key = SecretKey::parse("0123456789abcdef0123456789abcdef").expect("strong");
        let mac_keys = KeyRing::from(key).mac_keys();
        let scope = Scope(vec!["users", "-created_at", "active"]);
        let position = [7; 40];
        let valid = scope.seal(&mac_keys, &position);
        assert_eq!(scope.open(&mac_keys, &valid).ok(), Some(position.to_vec()));
        let other_list = Scope(vec!["users", "-created_at", ""]);
        assert!(other_list.open(&mac_keys, &valid).is_err());
        assert!(
            Scope(vec!["users", "-created_at", "active", ""])
                .open(&mac_keys, &valid)
                .is_err()
        );

        let mut rng = Rng(0x9e37_79b9_7f4a_7c15);
        for n in 0..10_000 {
            let mut bytes = URL_SAFE_NO_PAD.decode(&valid).expect("base64url");
            match n % 4 {
                0 => {
                    let index = rng.below(bytes.len());
                    bytes[index] ^= 1 << rng.below(8);
                }
                1 => bytes.truncate(rng.below(bytes.len())),
                2 => bytes.insert(rng.below(bytes.len()), 7),
                _ => bytes = (0..rng.below(200)).map(|_| b'x').collect(),
            }
            let cursor = URL_SAFE_NO_PAD.encode(&bytes);
            assert!(cursor == valid || scope.open(&mac_keys, &cursor).is_err(), "{cursor}");
        }
        for cursor in [
            "",
            "=",
            "\u{0}",
            "a b",
            &format!("{valid}="),
            &format!(" {valid}"),
            &valid.to_uppercase(),
        ] {
            assert!(scope.open(&mac_keys, cursor).is_err(), "{cursor}");
        }
    }
}
