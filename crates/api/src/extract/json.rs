//! Strict parsing of JSON bodies.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Value};
use serde_path_to_error::{Path, Segment};
use vestibule_schema::{Code, FieldCode, FieldError, FieldLocation};

use super::body::{LocalFuture, is_empty, read};
use crate::problem::{ApiError, ApiResult};

const MEDIA_TYPE: &str = "application/json";

/// The JSON object in the body of a request. Malformed JSON is rejected with 400, and an object that does not match `T`
/// with 422 and the location of the error.
pub(crate) struct Json<T>(pub(crate) T);

/// The JSON object in the body of a request, or `None` without a body.
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

/// Reads a body of the media type JSON.
pub(super) fn bytes(request: &HttpRequest, payload: &mut Payload) -> LocalFuture<Bytes> {
    read(request, payload, MEDIA_TYPE)
}

pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    if bytes.is_empty() {
        return Err(ApiError::new(Code::MalformedJson).with_detail("A request body is required"));
    }
    // Parsing any JSON value first distinguishes malformed JSON from a mismatch with `T`. The parser rejects more than
    // 128 levels.
    let value: Value = serde_json::from_slice(bytes).map_err(|_| ApiError::new(Code::MalformedJson))?;
    if !value.is_object() {
        return Err(invalid_member(
            String::new(),
            FieldCode::InvalidType,
            "must be an object",
        ));
    }
    if let Some(pointer) = find_nul(&value) {
        return Err(invalid_member(
            pointer,
            FieldCode::InvalidFormat,
            "must not contain U+0000",
        ));
    }
    // `T` is parsed from the text again, because a `Value` has already dropped duplicate members.
    let mut deserializer = Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let (pointer, error) = to_field_error(error.path(), &error.inner().to_string());
        ApiError::field(FieldLocation::Pointer(pointer), error)
    })
}

fn invalid_member(pointer: String, code: FieldCode, detail: &str) -> ApiError {
    ApiError::field(FieldLocation::Pointer(pointer), FieldError::new(code, detail))
}

/// Returns the pointer to a string with U+0000, which PostgreSQL cannot store.
fn find_nul(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| Some(format!("/{index}{}", find_nul(item)?))),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let below = if name.contains('\0') {
                String::new()
            } else {
                find_nul(value)?
            };
            Some(format!("/{}{below}", escape_token(name)))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Converts an error of serde to a pointer and a field error. The message of serde is not shown, because it names Rust
/// types.
fn to_field_error(path: &Path, message: &str) -> (String, FieldError) {
    let mut tokens: Vec<String> = path.iter().filter_map(token).collect();
    // serde reports missing and duplicate members at the path of the object that contains them.
    let named = ["missing field ", "duplicate field "]
        .into_iter()
        .find_map(|start| quoted_after(message, start));
    if let Some(name) = named.map(escape_token)
        && tokens.last() != Some(&name)
    {
        tokens.push(name);
    }
    let pointer = tokens.iter().flat_map(|token| ["/", token]).collect();
    let error = if message.starts_with("missing field ") {
        FieldError::new(FieldCode::Required, "is required")
    } else if message.starts_with("unknown field ") {
        FieldError::new(FieldCode::UnknownField, "is not a field of this request")
    } else if message.starts_with("duplicate field ") {
        FieldError::new(FieldCode::InvalidFormat, "duplicate field")
    } else if message.starts_with("unknown variant ") {
        FieldError::new(FieldCode::NotAllowedValue, "is not one of the allowed values")
    } else {
        FieldError::new(FieldCode::InvalidType, format!("must be {}", expected(message)))
    };
    (pointer, error)
}

fn token(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(escape_token(key)),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// Returns the name in backticks that follows the given beginning of a message.
pub(super) fn quoted_after<'a>(message: &'a str, beginning: &str) -> Option<&'a str> {
    message
        .strip_prefix(beginning)?
        .strip_prefix('`')?
        .split_once('`')
        .map(|(name, _)| name)
}

fn expected(message: &str) -> &'static str {
    let (_, expected) = message.split_once("expected ").unwrap_or_default();
    let kinds = [
        ("a string", "a string"),
        ("a boolean", "a boolean"),
        ("a sequence", "a list"),
    ];
    kinds
        .into_iter()
        .find(|(kind, _)| expected.starts_with(kind))
        .map_or("of a different type", |(_, name)| name)
}

/// Escapes a name as a token of a JSON Pointer (RFC 6901, section 3).
fn escape_token(name: &str) -> String {
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

    /// Returns the problem code and the pointer of the error for a body.
    fn error_of(text: &[u8]) -> (String, String) {
        let error = parse::<Thing>(text).expect_err("an error");
        let problem: Value = serde_json::from_slice(&body_of(&error)).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&problem["code"]), text(&problem["errors"][0]["pointer"]))
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
    fn invalid_json_is_malformed() {
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
                error_of(body).0,
                "malformed_json",
                "{:?}",
                String::from_utf8_lossy(&body[..body.len().min(40)])
            );
        }
    }

    #[test]
    fn mismatched_json_reports_the_pointer() {
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
                error_of(body.as_bytes()),
                ("validation_failed".to_owned(), pointer.to_owned()),
                "{body}"
            );
        }
    }
}
