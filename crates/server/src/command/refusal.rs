//! Refusals of the domain in words for the operator.

use std::fmt::Display;

use vestibule_domain::{CredentialError, SessionError, UserError, roles::RoleError};

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
        UserError::UnknownRole { .. } => Failure::Refused("no role has this name".to_owned()),
        UserError::Stale(_) => Failure::Refused("the user was changed in the meantime: try again".to_owned()),
        UserError::Store(error) => Failure::Failed("the database failed", error.into()),
        other => Failure::Refused(with_causes(&other)),
    }
}

pub(super) fn role_failure(error: RoleError) -> Failure {
    match error {
        RoleError::Store(error) => Failure::Failed("the database failed", error.into()),
        other => Failure::Refused(with_causes(&other)),
    }
}

pub(super) fn session_failure(error: SessionError) -> Failure {
    match error {
        SessionError::NotFound => Failure::Refused("no live session has this identifier".to_owned()),
        SessionError::Store(error) => Failure::Failed("the database failed", error.into()),
        other => Failure::Refused(with_causes(&other)),
    }
}

pub(super) fn credential_failure(error: CredentialError) -> Failure {
    user_failure(error.into())
}
