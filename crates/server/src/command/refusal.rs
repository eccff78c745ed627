//! Refusals of the domain in words for the operator.

use std::fmt::Display;

use vestibule_domain::{credential::CredentialError, user::UserError};

use crate::{Failure, failure::with_causes};

/// The refusals of values are written to follow a name.
pub(super) fn refused(what: &str, error: impl Display) -> Failure {
    Failure::Refused(format!("{what} {error}"))
}

pub(super) fn user_failure(error: UserError) -> Failure {
    match error {
        UserError::EmailTaken => Failure::Refused("another user has this address".to_owned()),
        UserError::NotFound => Failure::Refused("no user has this address".to_owned()),
        UserError::LastAdmin => Failure::Refused("this is the last active administrator".to_owned()),
        UserError::Store(error) => Failure::Failed("the database failed", error.into()),
        other => Failure::Refused(with_causes(&other)),
    }
}

pub(super) fn credential_failure(error: CredentialError) -> Failure {
    user_failure(error.into())
}
