//! Pages of lists: cursors, and the headers that tell how to go on.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, LINK},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use vestibule_domain::{Limit, MacKeys, Purpose, Total};
use vestibule_schema::{FieldCode, Refusal};

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");
const TOTAL_KIND: HeaderName = HeaderName::from_static("x-total-count-kind");

/// How many bytes of the digest a cursor carries. It guards a position, not a secret.
const DIGEST: usize = 16;

/// What a cursor is bound to: the list and everything that chooses or orders its rows.
pub(crate) struct Scope<'a>(pub(crate) Vec<&'a str>);

impl Scope<'_> {
    /// The cursor for a position.
    pub(crate) fn seal(&self, mac_keys: &dyn MacKeys, position: &[u8]) -> String {
        let digest = mac_keys.sign(Purpose::Cursor, &self.parts(position));
        let mut bytes = position.to_vec();
        bytes.extend_from_slice(&digest[..DIGEST]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position in a cursor.
    pub(crate) fn open(&self, mac_keys: &dyn MacKeys, cursor: &str) -> Result<Vec<u8>, Refusal> {
        let position = || {
            let mut bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let digest = bytes.split_off(bytes.len().checked_sub(DIGEST)?);
            mac_keys
                .verify(Purpose::Cursor, &self.parts(&bytes), &digest)
                .then_some(bytes)
        };
        position().ok_or_else(|| {
            Refusal::new(
                FieldCode::InvalidFormat,
                "must be the cursor of another page of this very list",
            )
        })
    }

    /// What the digest is made of.
    fn parts<'a>(&'a self, position: &'a [u8]) -> Vec<&'a [u8]> {
        let mut parts: Vec<&[u8]> = self.0.iter().map(|part| part.as_bytes()).collect();
        parts.push(position);
        parts
    }
}

/// Reads how many rows a page is to have.
pub(crate) fn limit(text: Option<&str>) -> Result<Limit, Refusal> {
    let Some(text) = text else { return Ok(Limit::default()) };
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    if !is_number {
        return Err(Refusal::new(FieldCode::InvalidType, "must be a whole number"));
    }
    let limit = text.parse().ok().and_then(Limit::new);
    limit.ok_or_else(|| Refusal::new(FieldCode::OutOfRange, format!("must be between 1 and {}", Limit::MAX)))
}

/// 200 with one page: a plain array, how many rows there are, and where the next page is.
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

/// The same request with another cursor (RFC 8288).
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

    /// A plain generator of numbers, the same in every run.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).expect("it fits") % bound
        }
    }

    #[test]
    fn ten_thousand_cursors_that_we_did_not_make_open_nothing() {
        let key = SecretKey::parse("0123456789abcdef0123456789abcdef").expect("strong");
        let mac_keys = KeyRing::from(key).mac_keys();
        let scope = Scope(vec!["users", "-created_at", "active"]);
        let position = [7; 40];
        let good = scope.seal(&mac_keys, &position);
        assert_eq!(scope.open(&mac_keys, &good).ok(), Some(position.to_vec()));
        let other_list = Scope(vec!["users", "-created_at", ""]);
        assert!(other_list.open(&mac_keys, &good).is_err());
        assert!(
            Scope(vec!["users", "-created_at", "active", ""])
                .open(&mac_keys, &good)
                .is_err()
        );

        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for n in 0..10_000 {
            let mut bytes = URL_SAFE_NO_PAD.decode(&good).expect("base64url");
            match n % 4 {
                0 => {
                    let place = numbers.below(bytes.len());
                    bytes[place] ^= 1 << numbers.below(8);
                }
                1 => bytes.truncate(numbers.below(bytes.len())),
                2 => bytes.insert(numbers.below(bytes.len()), 7),
                _ => bytes = (0..numbers.below(200)).map(|_| b'x').collect(),
            }
            let cursor = URL_SAFE_NO_PAD.encode(&bytes);
            assert!(cursor == good || scope.open(&mac_keys, &cursor).is_err(), "{cursor}");
        }
        for cursor in [
            "",
            "=",
            "\u{0}",
            "a b",
            &format!("{good}="),
            &format!(" {good}"),
            &good.to_uppercase(),
        ] {
            assert!(scope.open(&mac_keys, cursor).is_err(), "{cursor}");
        }
    }
}
