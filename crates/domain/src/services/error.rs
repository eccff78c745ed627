//! The errors of use cases.
//!
//! [`Error`] has the failures that features share. A use case that can also fail in other ways returns an error of its
//! feature, such as [`UserError`], which wraps [`Error`].

use std::fmt;

use crate::{
    model::{Denied, RateLimited, Stale},
    ports::{HashError, StoreError, UniqueKey},
};

/// A failure that is not specific to one feature.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor is not signed in or lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The resource does not exist.
    #[error("{0} not found")]
    NotFound(Resource),
    /// The resource was changed after the client read it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The use case requires the current password, and the given one is incorrect.
    #[error("the current password is incorrect")]
    WrongPassword,
    /// A quota is used up.
    #[error(transparent)]
    RateLimited(#[from] RateLimited),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Error {
    /// Returns whether a write violated this unique key.
    pub(crate) fn is_duplicate(&self, unique: &UniqueKey) -> bool {
        matches!(self, Self::Store(StoreError::Duplicate { key }) if key == unique)
    }
}

/// A kind of resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// A user.
    User,
    /// A role.
    Role,
    /// A live session.
    Session,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user",
            Self::Role => "role",
            Self::Session => "session",
        })
    }
}

/// A failure to create, change or delete a user.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// Sign-up is closed, and the actor is not signed in.
    #[error("sign-up is closed")]
    SignUpClosed,
    /// Another user has the email address.
    #[error("another user has this email address")]
    EmailTaken,
    /// One of the given roles does not exist.
    #[error("no role has this name")]
    UnknownRole {
        /// Its position in the list, counted from 0.
        index: usize,
    },
    /// No other administrator could sign in afterwards.
    #[error("this is the last active administrator; grant the role admin to another user first")]
    LastAdmin,
    /// A shared failure.
    #[error(transparent)]
    Other(Error),
}

impl<E: Into<Error>> From<E> for UserError {
    fn from(error: E) -> Self {
        match error.into() {
            error if is_email_taken(&error) => Self::EmailTaken,
            error => Self::Other(error),
        }
    }
}

/// Returns whether a write violated the uniqueness of email addresses.
pub(crate) fn is_email_taken(error: &Error) -> bool {
    error.is_duplicate(&UniqueKey::USER_EMAIL)
}
