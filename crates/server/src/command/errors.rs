//! Errors of the domain as errors of a command.

use std::fmt::Display;

use vestibule_domain::{Error, UserError, roles::RoleError};

use crate::{CommandError, error::with_causes};

/// Converts the error of a value. Its message follows the name of the value.
pub(super) fn invalid_value(what: &str, error: impl Display) -> CommandError {
    CommandError::Rejected(format!("{what} {error}"))
}

/// Converts the error of a use case. Its message is a sentence for the operator.
fn use_case_error(error: Error) -> CommandError {
    match error {
        Error::Store(error) => CommandError::Failed("a database operation failed", error.into()),
        error => CommandError::Rejected(with_causes(&error)),
    }
}

pub(super) fn user_error(error: impl Into<UserError>) -> CommandError {
    match error.into() {
        UserError::Other(error) => use_case_error(error),
        error => CommandError::Rejected(error.to_string()),
    }
}

pub(super) fn role_error(error: impl Into<RoleError>) -> CommandError {
    match error.into() {
        RoleError::Other(error) => use_case_error(error),
        error => CommandError::Rejected(error.to_string()),
    }
}

pub(super) fn session_error(error: impl Into<Error>) -> CommandError {
    use_case_error(error.into())
}
