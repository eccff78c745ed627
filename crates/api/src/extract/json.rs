//! JSON bodies, read strictly.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Value};
use serde_path_to_error::{Path, Segment};
use vestibule_schema::{Code, FieldCode, Place, Refusal};

use super::body::{LocalFuture, is_empty, read};
use crate::problem::{ApiError, ApiResult};

const MEDIA_TYPE: &str = "application/json";

/// A JSON object. What is not JSON is 400, what is not this object is 422 and says where.
pub(crate) struct Json<T>(pub(crate) T);

/// A JSON object, or nothing at all.
pub(crate) struct OptionalJson<T>(pub(crate) Option<T>);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes(request, payload);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for OptionalJson<T> {
    type Error = ApiError;
    type Future = LocalFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if is_empty(request) {
            return Box::pin(async { Ok(Self(None)) });
        }
        let bytes = bytes(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            if bytes.is_empty() {
                Ok(Self(None))
            } else {
                parse(&bytes).map(|body| Self(Some(body)))
            }
        })
    }
}

/// The bytes of a body that says to be JSON.
pub(super) fn bytes(request: &HttpRequest, payload: &mut Payload) -> LocalFuture<Bytes> {
    read(request, payload, MEDIA_TYPE)
}

pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    if bytes.is_empty() {
        return Err(ApiError::new(Code::MalformedJson).saying("A body is needed"));
    }
    // First as any JSON: so that what is not JSON at all is told from what is only not right here. The
    // parser refuses more than 128 levels.
    let value: Value = serde_json::from_slice(bytes).map_err(|_| ApiError::new(Code::MalformedJson))?;
    if !value.is_object() {
        return Err(blame(String::new(), FieldCode::InvalidType, "must be an object"));
    }
    if let Some(pointer) = find_nul(&value) {
        return Err(blame(pointer, FieldCode::InvalidFormat, "must not contain U+0000"));
    }
    // Then from the text again, because a value has lost what stood there twice.
    let mut deserializer = Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let (pointer, refusal) = explain(error.path(), &error.inner().to_string());
        ApiError::field(Place::Pointer(pointer), refusal)
    })
}

fn blame(pointer: String, code: FieldCode, detail: &str) -> ApiError {
    ApiError::field(Place::Pointer(pointer), Refusal::new(code, detail))
}

/// Where a text holds U+0000, which PostgreSQL cannot store.
fn find_nul(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(n, item)| Some(format!("/{n}{}", find_nul(item)?))),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let below = if name.contains('\0') {
                String::new()
            } else {
                find_nul(value)?
            };
            Some(format!("/{}{below}", escaped(name)))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Says where and why, in words of ours: those of serde name Rust types.
fn explain(path: &Path, message: &str) -> (String, Refusal) {
    let mut tokens: Vec<String> = path.iter().filter_map(token).collect();
    // serde tells of some members only after it has left them.
    let named = ["missing field ", "duplicate field "]
        .into_iter()
        .find_map(|start| quoted_after(message, start));
    if let Some(name) = named.map(escaped)
        && tokens.last() != Some(&name)
    {
        tokens.push(name);
    }
    let pointer = tokens.iter().flat_map(|token| ["/", token]).collect();
    let refusal = if message.starts_with("missing field ") {
        Refusal::new(FieldCode::Required, "is required")
    } else if message.starts_with("unknown field ") {
        Refusal::new(FieldCode::UnknownField, "is not a field of this request")
    } else if message.starts_with("duplicate field ") {
        Refusal::new(FieldCode::InvalidFormat, "stands here twice")
    } else if message.starts_with("unknown variant ") {
        Refusal::new(FieldCode::NotAllowedValue, "is not one of the allowed values")
    } else {
        Refusal::new(FieldCode::InvalidType, format!("must be {}", expected(message)))
    };
    (pointer, refusal)
}

fn token(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(escaped(key)),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// The name between the first pair of backticks, if the message begins so.
pub(super) fn quoted_after<'a>(message: &'a str, beginning: &str) -> Option<&'a str> {
    message
        .strip_prefix(beginning)?
        .strip_prefix('`')?
        .split_once('`')
        .map(|(name, _)| name)
}

fn expected(message: &str) -> &'static str {
    let (_, wanted) = message.split_once("expected ").unwrap_or_default();
    let kinds = [
        ("a string", "a string"),
        ("a boolean", "a boolean"),
        ("a sequence", "a list"),
    ];
    kinds
        .into_iter()
        .find(|(kind, _)| wanted.starts_with(kind))
        .map_or("of another type", |(_, words)| words)
}

/// A name as a token of a JSON Pointer (RFC 6901, section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        #[serde(rename = "name")]
        _name: String,
        #[serde(default, rename = "tags")]
        _tags: Vec<String>,
    }

    /// The code and the pointer of the refusal of a text.
    fn refusal(text: &[u8]) -> (String, String) {
        let error = parse::<Thing>(text).expect_err("refused");
        let shown: Value = serde_json::from_slice(&body_of(&error)).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&shown["code"]), text(&shown["errors"][0]["pointer"]))
    }

    fn body_of(error: &ApiError) -> Vec<u8> {
        use actix_web::body::MessageBody;
        error
            .render("id", "http://localhost")
            .into_body()
            .try_into_bytes()
            .expect("whole")
            .to_vec()
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let deep = [b"{\"name\":".as_slice(), &vec![b'['; 100_000]].concat();
        let bodies: [&[u8]; 8] = [
            b"",
            b"{",
            b"{\"name\":NaN}",
            b"{\"name\":\"\\ud800\"}",
            b"{\"name\":\"\xff\"}",
            b"{} {}",
            &deep,
            b"{\"name\":'a'}",
        ];
        for body in bodies {
            assert_eq!(
                refusal(body).0,
                "malformed_json",
                "{:?}",
                String::from_utf8_lossy(&body[..body.len().min(40)])
            );
        }
    }

    #[test]
    fn what_is_json_but_not_right_says_where() {
        for (body, pointer) in [
            ("[]", ""),
            ("null", ""),
            ("[\"a\",[]]", ""),
            ("{}", "/name"),
            ("{\"name\":1}", "/name"),
            ("{\"name\":null}", "/name"),
            ("{\"name\":\"a\",\"name\":\"b\"}", "/name"),
            ("{\"name\":\"a\",\"a/b~\":1}", "/a~1b~0"),
            ("{\"name\":\"a\",\"tags\":[\"b\",2]}", "/tags/1"),
            ("{\"name\":\"a\",\"tags\":[\"b\",\"\\u0000\"]}", "/tags/1"),
            ("{\"name\":\"a\",\"tags\":{}}", "/tags"),
        ] {
            assert_eq!(
                refusal(body.as_bytes()),
                ("validation_failed".to_owned(), pointer.to_owned()),
                "{body}"
            );
        }
    }
}
