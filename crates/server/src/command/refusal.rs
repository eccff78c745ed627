//! Errors of the domain as failures of a command.

use std::fmt::Display;

use vestibule_domain::{Error, UserError, roles::RoleError};

use crate::{Failure, failure::with_causes};

/// Converts the error of a value. Its message follows the name of the value.
pub(super) fn refused(what: &str, error: impl Display) -> Failure {
    Failure::Refused(format!("{what} {error}"))
}

/// Converts the error of a use case. Its message is a sentence for the operator.
fn failure(error: Error) -> Failure {
    match error {
        Error::Store(error) => Failure::Failed("the database failed", error.into()),
        error => Failure::Refused(with_causes(&error)),
    }
}

pub(super) fn user_failure(error: impl Into<UserError>) -> Failure {
    match error.into() {
        UserError::Other(error) => failure(error),
        error => Failure::Refused(error.to_string()),
    }
}

pub(super) fn role_failure(error: impl Into<RoleError>) -> Failure {
    match error.into() {
        RoleError::Other(error) => failure(error),
        error => Failure::Refused(error.to_string()),
    }
}

pub(super) fn session_failure(error: impl Into<Error>) -> Failure {
    failure(error.into())
}
