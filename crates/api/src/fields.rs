//! Parsing the fields of a request, so that everything that is wrong is said at once.

use vestibule_schema::{FieldProblem, Place, Refusal};

use crate::problem::{ApiError, ApiResult};

/// What is wrong with the fields so far.
#[derive(Default)]
pub(crate) struct Fields(Vec<FieldProblem>);

impl Fields {
    /// Notes why a member of the body was refused.
    pub(crate) fn pointer<T>(&mut self, pointer: &str, parsed: Result<T, impl Into<Refusal>>) -> Option<T> {
        self.keep(parsed, || Place::Pointer(pointer.to_owned()))
    }

    /// Notes why a parameter of the query was refused.
    pub(crate) fn parameter<T>(&mut self, name: &str, parsed: Result<T, impl Into<Refusal>>) -> Option<T> {
        self.keep(parsed, || Place::Parameter(name.to_owned()))
    }

    /// Parses each item of a list, blaming it by its place.
    pub(crate) fn each<T, E: Into<Refusal>>(
        &mut self,
        pointer: &str,
        items: &[String],
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let parsed: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(n, item)| self.pointer(&format!("{pointer}/{n}"), parse(item)))
            .collect();
        parsed.into_iter().collect()
    }

    /// Gives what was parsed, or everything that is wrong.
    pub(crate) fn finish<T>(self, parsed: Option<T>) -> ApiResult<T> {
        match parsed {
            Some(parsed) if self.0.is_empty() => Ok(parsed),
            _ => Err(ApiError::invalid(self.0)),
        }
    }

    fn keep<T>(&mut self, parsed: Result<T, impl Into<Refusal>>, place: impl FnOnce() -> Place) -> Option<T> {
        parsed
            .map_err(|error| self.0.push(FieldProblem::new(place(), error.into())))
            .ok()
    }
}
