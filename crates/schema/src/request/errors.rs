//! The errors of one request.

use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};

use crate::{FieldCode, FieldError, FieldLocation, FieldProblem};

/// The number of errors after which a request is not examined further.
const MAX_ERRORS: usize = 100;

/// The maximum length of a JSON Pointer, in bytes. Together with [`MAX_ERRORS`] it bounds the response to a request with
/// long names.
const MAX_POINTER_LENGTH: usize = 256;

/// The errors found in one request, at most one for each JSON Pointer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestErrors(Vec<(String, FieldError)>);

impl RequestErrors {
    /// Creates the errors of a request with one error.
    pub(crate) fn new(location: ValuePointerRef<'_>, error: impl Into<FieldError>) -> Self {
        Self(vec![(pointer(location), error.into())])
    }

    /// Returns whether there is no error.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Records an error, unless the location has one already.
    pub(crate) fn push(&mut self, location: ValuePointerRef<'_>, error: FieldError) {
        if self.has_room() {
            self.add(pointer(location), error);
        }
    }

    /// Returns the value, unless there are errors here or in `result`.
    pub(crate) fn and<T>(mut self, result: Result<T, Self>) -> Result<T, Self> {
        match result {
            Ok(value) if self.is_empty() => Ok(value),
            Ok(_) => Err(self),
            Err(errors) => {
                self.append(errors);
                Err(self)
            }
        }
    }

    /// Returns the errors with the location of each in the body.
    #[must_use]
    pub fn in_body(self) -> Vec<FieldProblem> {
        let problem = |(pointer, error)| FieldProblem::new(FieldLocation::Pointer(pointer), error);
        self.0.into_iter().map(problem).collect()
    }

    /// Returns the errors with the name of the query parameter of each.
    #[must_use]
    pub fn in_query(self) -> Vec<FieldProblem> {
        let problem = |(pointer, error): (String, FieldError)| {
            let error = match error.code {
                FieldCode::UnknownField => FieldError::new(error.code, "is not a parameter of this request"),
                _ => error,
            };
            FieldProblem::new(FieldLocation::Parameter(unescape(&pointer)), error)
        };
        self.0.into_iter().map(problem).collect()
    }

    fn has_room(&self) -> bool {
        self.0.len() < MAX_ERRORS
    }

    fn add(&mut self, pointer: String, error: FieldError) {
        if self.has_room() && self.0.iter().all(|(other, _)| *other != pointer) {
            self.0.push((pointer, error));
        }
    }

    fn append(&mut self, errors: Self) {
        for (pointer, error) in errors.0 {
            self.add(pointer, error);
        }
    }

    /// Continues deserialization while there is room for errors.
    fn continue_or_stop(self) -> ControlFlow<Self, Self> {
        if self.has_room() {
            ControlFlow::Continue(self)
        } else {
            ControlFlow::Break(self)
        }
    }
}

impl DeserializeError for RequestErrors {
    fn error<V: IntoValue>(
        errors: Option<Self>,
        kind: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut errors = errors.unwrap_or_default();
        match kind {
            ErrorKind::MissingField { field } => errors.push(location.push_key(field), FieldError::required()),
            ErrorKind::UnknownKey { key, .. } => {
                let error = FieldError::new(FieldCode::UnknownField, "is not a field of this request");
                errors.push(location.push_key(key), error);
            }
            ErrorKind::IncorrectValueKind { accepted, .. } => {
                let detail = format!("must be {}", name_of(accepted));
                errors.push(location, FieldError::new(FieldCode::InvalidType, detail));
            }
            ErrorKind::UnknownValue { accepted, .. } => {
                let detail = format!("must be {}", one_of(accepted));
                errors.push(location, FieldError::new(FieldCode::NotAllowedValue, detail));
            }
            ErrorKind::BadSequenceLen { expected, .. } => {
                let detail = format!("must have {expected} items");
                errors.push(location, FieldError::new(FieldCode::InvalidType, detail));
            }
            // Reported for numbers that do not fit their type. The message would name the Rust type.
            ErrorKind::Unexpected { .. } => {
                errors.push(location, FieldError::new(FieldCode::OutOfRange, "is out of range"));
            }
        }
        errors.continue_or_stop()
    }
}

impl MergeWithError<Self> for RequestErrors {
    fn merge(errors: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let merged = match errors {
            None => other,
            Some(mut errors) => {
                errors.append(other);
                errors
            }
        };
        merged.continue_or_stop()
    }
}

/// Adds the error of a value to those of its request.
impl<E> MergeWithError<E> for RequestErrors
where
    FieldError: From<E>,
{
    fn merge(errors: Option<Self>, error: E, location: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut errors = errors.unwrap_or_default();
        errors.push(location, error.into());
        errors.continue_or_stop()
    }
}

/// Returns the JSON Pointer of a location (RFC 6901). If it is too long, returns that of the innermost location around it
/// whose pointer is not.
fn pointer(location: ValuePointerRef<'_>) -> String {
    bounded_pointer(location).unwrap_or_else(|around| around)
}

/// Returns the pointer of a location, or that of a location around it as an error.
fn bounded_pointer(location: ValuePointerRef<'_>) -> Result<String, String> {
    let (mut around, token) = match location {
        ValuePointerRef::Origin => return Ok(String::new()),
        ValuePointerRef::Key { key, prev } => (bounded_pointer(*prev)?, key.replace('~', "~0").replace('/', "~1")),
        ValuePointerRef::Index { index, prev } => (bounded_pointer(*prev)?, index.to_string()),
    };
    if around.len() + token.len() >= MAX_POINTER_LENGTH {
        return Err(around);
    }
    around.push('/');
    around.push_str(&token);
    Ok(around)
}

/// Returns the name in the JSON Pointer of a query parameter.
fn unescape(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace("~1", "/").replace("~0", "~")
}

fn name_of(accepted: &[ValueKind]) -> &'static str {
    match accepted {
        [ValueKind::String] => "a string",
        [ValueKind::Boolean] => "a boolean",
        [ValueKind::Sequence] => "a list",
        [ValueKind::Map] => "an object",
        [ValueKind::Float, ..] => "a number",
        [ValueKind::Integer | ValueKind::NegativeInteger, ..] => "a whole number",
        _ => "of a different type",
    }
}

/// Returns the names as a list in a sentence, such as `a, b or c`.
pub(super) fn one_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [names @ .., last] => format!("{} or {last}", names.join(", ")),
    }
}
