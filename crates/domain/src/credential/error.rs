//! What can be wrong with a change of a credential.

use crate::{
    Denied, StoreError,
    credential::HashError,
    throttle::{AdmitError, TooMany},
};

/// Why a credential was not changed or confirmed.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such user.
    #[error("user not found")]
    UserNotFound,
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
    Store(#[from] StoreError),
}

impl From<AdmitError> for CredentialError {
    fn from(error: AdmitError) -> Self {
        match error {
            AdmitError::TooMany(too_many) => Self::TooMany(too_many),
            AdmitError::Hash(error) => error.into(),
            AdmitError::Store(error) => Self::Store(error),
        }
    }
}
