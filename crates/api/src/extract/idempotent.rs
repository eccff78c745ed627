//! Requests that may be sent again.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap, web::Bytes};
use serde::de::DeserializeOwned;
use vestibule_domain::{IdempotencyKey, ParseIdempotencyKeyError};
use vestibule_schema::Place;

use super::{
    body::LocalFuture,
    json::{self, parse},
};
use crate::problem::{ApiError, ApiResult};

const HEADER: &str = "idempotency-key";

/// A JSON object, with the key that the client gave to the request.
pub(crate) struct Idempotent<T> {
    pub(crate) body: T,
    pub(crate) key: Key,
}

/// What tells a request from others.
pub(crate) struct Key {
    pub(crate) name: Result<Option<IdempotencyKey>, ParseIdempotencyKeyError>,
    pub(crate) bytes: Bytes,
}

impl Key {
    /// The name, if there is one.
    pub(crate) fn name(&self) -> ApiResult<Option<IdempotencyKey>> {
        let refused = |error: ParseIdempotencyKeyError| {
            ApiError::field(Place::Parameter("Idempotency-Key".to_owned()), error.into())
        };
        self.name.clone().map_err(refused)
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Idempotent<T> {
    type Error = ApiError;
    type Future = LocalFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let name = read(request.headers());
        let bytes = json::bytes(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            let body = parse(&bytes)?;
            Ok(Self {
                body,
                key: Key { name, bytes },
            })
        })
    }
}

/// Reads `Idempotency-Key`, a string of structured fields (RFC 9651, section 3.3.3).
fn read(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ParseIdempotencyKeyError> {
    let mut lines = headers.get_all(HEADER);
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    let text = line.to_str().map_err(|_| ParseIdempotencyKeyError)?.trim();
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(quoted) = quoted.filter(|_| lines.next().is_none()) else {
        return Err(ParseIdempotencyKeyError);
    };
    IdempotencyKey::parse(&unescaped(quoted).ok_or(ParseIdempotencyKeyError)?).map(Some)
}

/// Takes the backslashes away that stand before quotes and backslashes.
fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => chars.next().filter(|c| matches!(c, '"' | '\\'))?,
            '"' => return None,
            c => c,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn of(lines: &[&'static str]) -> Result<Option<String>, ParseIdempotencyKeyError> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static(HEADER), HeaderValue::from_static(line));
        }
        read(&headers).map(|key| key.map(|key| key.as_str().to_owned()))
    }

    #[test]
    fn a_key_is_a_quoted_string() {
        assert_eq!(of(&[]), Ok(None));
        for (line, key) in [
            ("\"a\"", "a"),
            (" \"8e03978e-40d5\" ", "8e03978e-40d5"),
            (r#""a\"b\\""#, "a\"b\\"),
        ] {
            assert_eq!(of(&[line]), Ok(Some(key.to_owned())), "{line}");
        }
        for line in ["", "a", "\"", "\"\"", "\"a", "\"a\"b\"", r#""\a""#, r#""a\""#] {
            assert_eq!(of(&[line]), Err(ParseIdempotencyKeyError), "{line}");
        }
        assert_eq!(of(&["\"a\"", "\"b\""]), Err(ParseIdempotencyKeyError));
    }
}
