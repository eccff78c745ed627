//! What can go wrong with setup.

use crate::{StoreError, UniqueKey, credential::HashError};

/// Why the installation did not get its first administrator.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Somebody has been an administrator already.
    #[error("setup is over")]
    Over,
    /// It is not the token of this installation.
    #[error("invalid setup token")]
    InvalidToken,
    /// An account has the address. It is never made an administrator by this.
    #[error("email taken")]
    EmailTaken,
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for SetupError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate {
                key: UniqueKey::UserEmail,
            } => Self::EmailTaken,
            other => Self::Store(other),
        }
    }
}
