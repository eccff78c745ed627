//! Strict parsing of JSON.

use std::fmt;

use deserr::{Deserr, ValuePointerRef};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::errors::RequestErrors;
use crate::{FieldCode, FieldError};

/// The reason why a body is rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError {
    /// The text is not JSON, or has more than 128 levels.
    Malformed,
    /// The value is not an acceptable request.
    Invalid(RequestErrors),
}

/// A body that is JSON, and the errors found in it so far: duplicate members, and U+0000, which PostgreSQL cannot store.
#[derive(Debug)]
pub struct ParsedBody {
    pub(super) value: Value,
    pub(super) errors: RequestErrors,
}

/// A request in a body.
pub trait RequestBody: Sized {
    /// Reads the request.
    ///
    /// # Errors
    /// All errors of the body.
    fn read(body: ParsedBody) -> Result<Self, RequestErrors>;
}

impl<T: Deserr<RequestErrors>> RequestBody for T {
    fn read(body: ParsedBody) -> Result<Self, RequestErrors> {
        body.errors.and(deserr::deserialize(body.value))
    }
}

/// Parses the body of a request.
///
/// # Errors
/// [`BodyError`].
pub fn parse_body<T: RequestBody>(text: &[u8]) -> Result<T, BodyError> {
    let body = parse(text).map_err(|_| BodyError::Malformed)?;
    T::read(body).map_err(BodyError::Invalid)
}

fn parse(text: &[u8]) -> serde_json::Result<ParsedBody> {
    let mut errors = RequestErrors::default();
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let strict = Strict {
        location: ValuePointerRef::Origin,
        errors: &mut errors,
    };
    let value = strict.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(ParsedBody { value, errors })
}

/// Builds a value and records what JSON allows but this API does not.
struct Strict<'a> {
    location: ValuePointerRef<'a>,
    errors: &'a mut RequestErrors,
}

impl Strict<'_> {
    fn reject(&mut self, detail: &str) {
        let error = FieldError::new(FieldCode::InvalidFormat, detail);
        self.errors.push(self.location, error);
    }

    fn reject_nul(&mut self, text: &str) {
        if text.contains('\0') {
            self.reject("must not contain U+0000");
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<Value, E> {
        self.reject_nul(text);
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let item = Strict {
                location: self.location.push_index(list.len()),
                errors: self.errors,
            };
            match items.next_element_seed(item)? {
                Some(item) => list.push(item),
                None => return Ok(list.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let mut member = Strict {
                location: self.location.push_key(&name),
                errors: self.errors,
            };
            member.reject_nul(&name);
            let is_duplicate = object.contains_key(&name);
            if is_duplicate {
                member.reject("duplicate field");
            }
            let value = members.next_value_seed(member)?;
            if !is_duplicate {
                object.insert(name, value);
            }
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserr)]
    #[deserr(error = RequestErrors, deny_unknown_fields)]
    struct Thing {
        name: String,
        #[deserr(default)]
        tags: Vec<String>,
        #[deserr(default, from(u8) = Some)]
        size: Option<u8>,
        #[deserr(default)]
        parts: Vec<Part>,
    }

    #[derive(Debug, Deserr)]
    #[deserr(error = RequestErrors, deny_unknown_fields)]
    struct Part {
        #[expect(dead_code, reason = "only deserialized")]
        flag: bool,
    }

    /// Returns the pointers and messages of the errors.
    fn errors_of(text: &str) -> Vec<(String, String)> {
        match parse_body::<Thing>(text.as_bytes()) {
            Err(BodyError::Invalid(errors)) => errors
                .in_body()
                .into_iter()
                .map(|problem| (problem.pointer.expect("a field of the body"), problem.detail))
                .collect(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn pointers_do_not_repeat_long_names() {
        let slashes = "/".repeat(30_000);
        let text = format!("{{\"name\":\"a\",\"{slashes}\":[\"\\u0000\",\"\\u0000\"]}}");
        let pointers: Vec<_> = errors_of(&text).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, [""]);
    }

    #[test]
    fn invalid_json_is_malformed() {
        let deep = [b"{\"name\":".as_slice(), &vec![b'['; 100_000]].concat();
        let bodies: [&[u8]; 9] = [
            b"",
            b"{",
            b"{\"name\":NaN}",
            b"{\"name\":1e400}",
            b"{\"name\":\"\\ud800\"}",
            b"{\"name\":\"\xff\"}",
            b"{} {}",
            &deep,
            b"{\"name\":'a'}",
        ];
        for body in bodies {
            assert_eq!(
                parse_body::<Thing>(body).err(),
                Some(BodyError::Malformed),
                "{:?}",
                String::from_utf8_lossy(&body[..body.len().min(40)])
            );
        }
    }

    #[test]
    fn mismatched_json_reports_the_pointer() {
        for (body, pointer, detail) in [
            ("[]", "", "Must be an object"),
            ("null", "", "Must be an object"),
            ("[\"a\",[]]", "", "Must be an object"),
            ("{}", "/name", "Is required"),
            ("{\"name\":1}", "/name", "Must be a string"),
            ("{\"name\":null}", "/name", "Must be a string"),
            ("{\"name\":\"a\",\"name\":\"b\"}", "/name", "Duplicate field"),
            ("{\"name\":\"a\",\"n\\u0061me\":\"b\"}", "/name", "Duplicate field"),
            (
                "{\"name\":\"a\",\"a/b~\":1}",
                "/a~1b~0",
                "Is not a field of this request",
            ),
            ("{\"name\":\"a\",\"tags\":[\"b\",2]}", "/tags/1", "Must be a string"),
            (
                "{\"name\":\"a\",\"tags\":[\"b\",\"\\u0000\"]}",
                "/tags/1",
                "Must not contain U+0000",
            ),
            ("{\"name\":\"a\",\"b\\u0000\":1}", "/b\0", "Must not contain U+0000"),
            ("{\"name\":\"a\",\"tags\":{}}", "/tags", "Must be a list"),
            ("{\"name\":\"a\",\"tags\":null}", "/tags", "Must be a list"),
            ("{\"name\":\"a\",\"size\":null}", "/size", "Must be a whole number"),
            ("{\"name\":\"a\",\"size\":1.5}", "/size", "Must be a whole number"),
            ("{\"name\":\"a\",\"size\":256}", "/size", "Is out of range"),
            ("{\"name\":\"a\",\"parts\":[[]]}", "/parts/0", "Must be an object"),
            ("{\"name\":\"a\",\"parts\":[{}]}", "/parts/0/flag", "Is required"),
            (
                "{\"name\":\"a\",\"parts\":[{\"flag\":0}]}",
                "/parts/0/flag",
                "Must be a boolean",
            ),
        ] {
            assert_eq!(errors_of(body), [(pointer.to_owned(), detail.to_owned())], "{body}");
        }
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        let errors = errors_of(
            r#"{"x":{"y":1,"y":2},"tags":[1,"",2],"size":"a","parts":[{"flag":true,"flag":true},{"flag":1,"z":null}]}"#,
        );
        let pointers: Vec<_> = errors.iter().map(|(pointer, _)| pointer.as_str()).collect();
        let expected = [
            "/x/y",
            "/parts/0/flag",
            "/parts/1/flag",
            "/parts/1/z",
            "/size",
            "/tags/0",
            "/tags/2",
            "/x",
            "/name",
        ];
        assert_eq!(pointers, expected);
    }

    #[test]
    fn number_of_errors_is_bounded() {
        let many = format!("{{\"tags\":[{}1]}}", "1,".repeat(50_000));
        assert_eq!(errors_of(&many).len(), 100);
        let many: Vec<String> = (0..50_000).map(|n| format!("\"{n}\":\"\\u0000\",")).collect();
        assert_eq!(errors_of(&format!("{{{}\"name\":\"a\"}}", many.concat())).len(), 100);
    }

    #[test]
    fn valid_json_is_deserialized() {
        let thing = parse_body::<Thing>(br#"{"size":7,"name":"a\"b","tags":["c"],"parts":[{"flag":true}]}"#);
        let Thing {
            name,
            tags,
            size,
            parts,
        } = thing.expect("valid");
        assert_eq!(
            (name.as_str(), tags, size, parts.len()),
            ("a\"b", vec!["c".to_owned()], Some(7), 1)
        );
    }
}
