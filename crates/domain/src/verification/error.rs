//! What can go wrong with links.

use crate::{
    Denied, StoreError, UniqueKey,
    credential::{CredentialError, HashError, PasswordError},
    throttle::{AdmitError, TooMany},
};

/// Why something was not verified, reset or changed.
#[derive(Debug, thiserror::Error)]
pub enum VerificationError {
    /// The token is not ours, was used, is too old, or does not go with who used it.
    #[error("invalid token")]
    InvalidToken,
    /// The new password may not be chosen.
    #[error("the password {0}")]
    Password(#[from] PasswordError),
    /// Another account has the address by now.
    #[error("email taken")]
    EmailTaken,
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such user.
    #[error("user not found")]
    UserNotFound,
    /// The current password is another one.
    #[error("wrong password")]
    WrongPassword,
    /// Too many passwords were tried, or mails asked for.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for VerificationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate {
                key: UniqueKey::UserEmail,
            } => Self::EmailTaken,
            other => Self::Store(other),
        }
    }
}

impl From<AdmitError> for VerificationError {
    fn from(error: AdmitError) -> Self {
        match error {
            AdmitError::TooMany(too_many) => Self::TooMany(too_many),
            AdmitError::Hash(error) => error.into(),
            AdmitError::Store(error) => error.into(),
        }
    }
}

impl From<CredentialError> for VerificationError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Denied(denied) => Self::Denied(denied),
            CredentialError::UserNotFound => Self::UserNotFound,
            CredentialError::WrongPassword => Self::WrongPassword,
            CredentialError::TooMany(too_many) => Self::TooMany(too_many),
            CredentialError::Hash(error) => Self::Hash(error),
            CredentialError::Store(error) => error.into(),
        }
    }
}
