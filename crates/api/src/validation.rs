//! Validation of request fields that reports every error at once.

use vestibule_schema::{FieldError, FieldLocation, FieldProblem};

use crate::problem::{ApiError, ApiResult};

/// The errors found in the fields of a request.
#[derive(Default)]
pub(crate) struct Fields(Vec<FieldProblem>);

impl Fields {
    /// Returns the value of a query parameter, or records its error.
    pub(crate) fn parameter<T>(&mut self, name: &str, parsed: Result<T, impl Into<FieldError>>) -> Option<T> {
        let location = FieldLocation::Parameter(name.to_owned());
        parsed
            .map_err(|error| self.0.push(FieldProblem::new(location, error.into())))
            .ok()
    }

    /// Returns the parsed value, or a 422 with all recorded errors.
    pub(crate) fn finish<T>(self, parsed: Option<T>) -> ApiResult<T> {
        match parsed {
            Some(parsed) if self.0.is_empty() => Ok(parsed),
            _ => Err(ApiError::invalid(self.0)),
        }
    }
}
