//! The `Idempotency-Key` of requests that create a resource.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap, web::Bytes};
use uuid::Uuid;
use vestibule_domain::{IdempotencyKey, ParseIdempotencyKeyError};
use vestibule_schema::{FieldLocation, RequestBody};

use super::{
    body::LocalFuture,
    json::{self, parse},
};
use crate::problem::{ApiError, ApiResult};

const HEADER: &str = "idempotency-key";

/// The JSON object in the body of a request, and its `Idempotency-Key`.
pub(crate) struct Idempotent<T> {
    pub(crate) body: T,
    pub(crate) key: RequestKey,
}

/// The `Idempotency-Key` and the body that it belongs to.
pub(crate) struct RequestKey {
    key: Result<Option<IdempotencyKey>, ParseIdempotencyKeyError>,
    pub(crate) body: Bytes,
}

impl RequestKey {
    /// Returns the key, if the request has one, or a 422 for a malformed key.
    pub(crate) fn key(&self) -> ApiResult<Option<IdempotencyKey>> {
        let malformed = |error: ParseIdempotencyKeyError| {
            ApiError::field(FieldLocation::Parameter("Idempotency-Key".to_owned()), error.into())
        };
        self.key.clone().map_err(malformed)
    }
}

impl<T: RequestBody + 'static> FromRequest for Idempotent<T> {
    type Error = ApiError;
    type Future = LocalFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let key = read(request.headers());
        let bytes = json::bytes(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            let body = parse(&bytes)?;
            Ok(Self {
                body,
                key: RequestKey { key, body: bytes },
            })
        })
    }
}

/// Reads `Idempotency-Key`, a string in structured field syntax (RFC 9651, section 3.3.3). Many clients send a UUID without
/// quotes, which is accepted too.
fn read(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ParseIdempotencyKeyError> {
    let mut lines = headers.get_all(HEADER);
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    let text = line.to_str().map_err(|_| ParseIdempotencyKeyError)?.trim();
    if text.parse::<Uuid>().is_ok() && lines.next().is_none() {
        return IdempotencyKey::parse(text).map(Some);
    }
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(quoted) = quoted.filter(|_| lines.next().is_none()) else {
        return Err(ParseIdempotencyKeyError);
    };
    IdempotencyKey::parse(&unescape(quoted).ok_or(ParseIdempotencyKeyError)?).map(Some)
}

/// Removes the backslashes before quotes and backslashes; `None` if the escaping is invalid.
fn unescape(text: &str) -> Option<String> {
    let mut unescaped = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        unescaped.push(match c {
            '\\' => chars.next().filter(|c| matches!(c, '"' | '\\'))?,
            '"' => return None,
            c => c,
        });
    }
    Some(unescaped)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn read_lines(lines: &[&'static str]) -> Result<Option<String>, ParseIdempotencyKeyError> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static(HEADER), HeaderValue::from_static(line));
        }
        read(&headers).map(|key| key.map(|key| key.as_str().to_owned()))
    }

    #[test]
    fn idempotency_key_is_a_quoted_string() {
        assert_eq!(read_lines(&[]), Ok(None));
        for (line, key) in [
            ("\"a\"", "a"),
            (" \"8e03978e-40d5\" ", "8e03978e-40d5"),
            (r#""a\"b\\""#, "a\"b\\"),
            (
                "8e03978e-40d5-43e8-bc93-6894a57f9324",
                "8e03978e-40d5-43e8-bc93-6894a57f9324",
            ),
        ] {
            assert_eq!(read_lines(&[line]), Ok(Some(key.to_owned())), "{line}");
        }
        for line in [
            "",
            "a",
            "8e03978e-40d5",
            "\"",
            "\"\"",
            "\"a",
            "\"a\"b\"",
            r#""\a""#,
            r#""a\""#,
        ] {
            assert_eq!(read_lines(&[line]), Err(ParseIdempotencyKeyError), "{line}");
        }
        for lines in [["\"a\"", "\"b\""], ["8e03978e-40d5-43e8-bc93-6894a57f9324"; 2]] {
            assert_eq!(read_lines(&lines), Err(ParseIdempotencyKeyError));
        }
    }
}
