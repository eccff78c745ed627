//! What can go wrong with users.

use crate::{
    Denied, Stale, StoreError, UniqueKey,
    credential::{CredentialError, HashError},
    throttle::TooMany,
};

/// Why a user was not found, made or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Nobody can sign up by themselves.
    #[error("sign-up is closed")]
    SignUpClosed,
    /// Another account has the address.
    #[error("email taken")]
    EmailTaken,
    /// No role has the name at this place of the list.
    #[error("unknown role at {index}")]
    UnknownRole {
        /// The place, counted from 0.
        index: usize,
    },
    /// There is no such user.
    #[error("user not found")]
    NotFound,
    /// The user was changed in the meantime.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// No active administrator would be left.
    #[error("last administrator")]
    LastAdmin,
    /// The current password is another one.
    #[error("wrong password")]
    WrongPassword,
    /// Passwords were tried too often.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate {
                key: UniqueKey::UserEmail,
            } => Self::EmailTaken,
            other => Self::Store(other),
        }
    }
}

impl From<CredentialError> for UserError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Denied(denied) => Self::Denied(denied),
            CredentialError::UserNotFound => Self::NotFound,
            CredentialError::WrongPassword => Self::WrongPassword,
            CredentialError::TooMany(too_many) => Self::TooMany(too_many),
            CredentialError::Hash(error) => Self::Hash(error),
            CredentialError::Store(error) => Self::Store(error),
        }
    }
}
