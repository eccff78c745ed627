//! Strict parsing of query parameters.

use std::{borrow::Cow, collections::BTreeMap};

use deserr::{Deserr, ValuePointerRef};
use serde_json::Value;

use super::errors::RequestErrors;
use crate::{FieldCode, FieldError};

/// The search parameter, the only one that may be empty.
const SEARCH: &str = "q";

/// The query parameters of a request, and the errors found in them so far.
#[derive(Debug, Default)]
pub struct QueryParameters {
    values: BTreeMap<String, String>,
    errors: RequestErrors,
}

impl QueryParameters {
    /// Collects decoded parameters. Empty and repeated ones are errors, and text that was not UTF-8 or contains U+0000.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            // Bytes that are not UTF-8 arrive as U+FFFD.
            if value.contains(['\0', '\u{fffd}']) {
                parameters.reject(&name, FieldCode::InvalidFormat, "must be UTF-8 without U+0000");
            } else if value.is_empty() && name != SEARCH {
                parameters.reject(&name, FieldCode::TooShort, "must not be empty");
            } else if parameters.values.contains_key(&*name) {
                parameters.reject(&name, FieldCode::InvalidFormat, "duplicate parameter");
            } else {
                parameters.values.insert(name.into_owned(), value.into_owned());
            }
        }
        parameters
    }

    /// Returns the names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Removes a parameter and parses its value. Returns `None` without the parameter, or after an error, which is
    /// returned later by [`QueryParameters::finish`].
    pub fn take<T, E>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T>
    where
        FieldError: From<E>,
    {
        match parse(&self.values.remove(name)?) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(ValuePointerRef::Origin.push_key(name), error.into());
                None
            }
        }
    }

    /// Deserializes the remaining parameters.
    ///
    /// # Errors
    /// All errors of the query.
    pub fn finish<T: Deserr<RequestErrors>>(self) -> Result<T, RequestErrors> {
        let object: Value = self.values.into_iter().collect();
        self.errors.and(deserr::deserialize(object))
    }

    fn reject(&mut self, name: &str, code: FieldCode, detail: &str) {
        let location = ValuePointerRef::Origin.push_key(name);
        self.errors.push(location, FieldError::new(code, detail));
    }
}

/// A query parameter that is `true` or `false`. A `bool` would accept JSON booleans only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr)]
#[deserr(error = RequestErrors, rename_all = lowercase)]
pub enum QueryBool {
    /// `true`
    True,
    /// `false`
    False,
}

impl From<QueryBool> for bool {
    fn from(value: QueryBool) -> Self {
        value == QueryBool::True
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserr, PartialEq)]
    #[deserr(error = RequestErrors, deny_unknown_fields)]
    struct Filters {
        #[deserr(default)]
        q: Option<String>,
        #[deserr(default)]
        archived: Option<QueryBool>,
    }

    fn parameters(pairs: &[(&'static str, &'static str)]) -> QueryParameters {
        QueryParameters::new(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())))
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        let mut parameters = parameters(&[
            ("limit", "ten"),
            ("archived", "1"),
            ("q", "a"),
            ("q", "b"),
            ("~a/", "x"),
            ("b", ""),
            ("c", "\0"),
        ]);
        let too_large = |_: &str| Err::<(), _>(FieldError::new(FieldCode::OutOfRange, "is out of range"));
        assert_eq!(parameters.take("limit", too_large), None);
        let errors = parameters.finish::<Filters>().expect_err("errors").in_query();
        let found: Vec<_> = errors
            .into_iter()
            .map(|error| (error.parameter.expect("a parameter"), error.detail))
            .collect();
        let expected = [
            ("q", "Duplicate parameter"),
            ("b", "Must not be empty"),
            ("c", "Must be UTF-8 without U+0000"),
            ("limit", "Is out of range"),
            ("archived", "Must be true or false"),
            ("~a/", "Is not a parameter of this request"),
        ];
        assert_eq!(
            found,
            expected.map(|(name, detail)| (name.to_owned(), detail.to_owned()))
        );
    }

    #[test]
    fn valid_parameters_are_deserialized() {
        let mut parameters = parameters(&[("limit", "7"), ("q", ""), ("archived", "true")]);
        assert_eq!(parameters.take("limit", str::parse::<Number>), Some(Number(7)));
        let filters = Filters {
            q: Some(String::new()),
            archived: Some(QueryBool::True),
        };
        assert_eq!(parameters.finish::<Filters>(), Ok(filters));
    }

    #[derive(Debug, PartialEq)]
    struct Number(u32);

    impl std::str::FromStr for Number {
        type Err = FieldError;

        fn from_str(text: &str) -> Result<Self, FieldError> {
            text.parse()
                .map(Self)
                .map_err(|_| FieldError::new(FieldCode::InvalidType, "must be a whole number"))
        }
    }
}
