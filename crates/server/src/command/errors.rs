//! Errors of the domain as errors of a command.

use std::fmt::Display;

use vestibule_domain::{Error, UseCaseError};

use crate::{CommandError, error::with_causes};

/// Converts the error of a value. Its message follows the name of the value.
pub(super) fn invalid_value(what: &str, error: impl Display) -> CommandError {
    CommandError::Rejected(format!("{what} {error}"))
}

/// Converts the error of a use case. Its message is a sentence for the operator.
pub(super) fn use_case_error(error: impl UseCaseError) -> CommandError {
    match error.into_shared() {
        Ok(Error::Store(error)) => CommandError::Failed("a database operation failed", error.into()),
        Ok(error) => CommandError::Rejected(with_causes(&error)),
        Err(error) => CommandError::Rejected(error.to_string()),
    }
}
