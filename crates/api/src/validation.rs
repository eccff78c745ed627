//! Validation of request fields that reports every error at once.

use vestibule_schema::{FieldError, FieldLocation, FieldProblem};

use crate::problem::{ApiError, ApiResult};

/// The errors found in the fields of a request.
#[derive(Default)]
pub(crate) struct Fields(Vec<FieldProblem>);

impl Fields {
    /// Returns the value of a body member, or records its error.
    pub(crate) fn pointer<T>(&mut self, pointer: &str, parsed: Result<T, impl Into<FieldError>>) -> Option<T> {
        self.collect(parsed, || FieldLocation::Pointer(pointer.to_owned()))
    }

    /// Returns the value of a query parameter, or records its error.
    pub(crate) fn parameter<T>(&mut self, name: &str, parsed: Result<T, impl Into<FieldError>>) -> Option<T> {
        self.collect(parsed, || FieldLocation::Parameter(name.to_owned()))
    }

    /// Parses each item of a list in the body and records errors by index.
    pub(crate) fn each<T, E: Into<FieldError>>(
        &mut self,
        pointer: &str,
        items: &[String],
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let parsed: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.pointer(&format!("{pointer}/{index}"), parse(item)))
            .collect();
        parsed.into_iter().collect()
    }

    /// Returns the parsed value, or a 422 with all recorded errors.
    pub(crate) fn finish<T>(self, parsed: Option<T>) -> ApiResult<T> {
        match parsed {
            Some(parsed) if self.0.is_empty() => Ok(parsed),
            _ => Err(ApiError::invalid(self.0)),
        }
    }

    fn collect<T>(
        &mut self,
        parsed: Result<T, impl Into<FieldError>>,
        location: impl FnOnce() -> FieldLocation,
    ) -> Option<T> {
        parsed
            .map_err(|error| self.0.push(FieldProblem::new(location(), error.into())))
            .ok()
    }
}
