//! What can go wrong around sessions.

use crate::{
    BoxError, Denied, StoreError,
    credential::HashError,
    throttle::{AdmitError, TooMany},
};

/// Why somebody was not signed in, or a session not found or ended.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The address or the password is wrong, or the refresh token is not ours. Which of these is said
    /// to nobody.
    #[error("invalid credentials")]
    InvalidCredentials,
    /// The password is right, but the account is disabled.
    #[error("account disabled")]
    AccountDisabled,
    /// The password is right, but the address has to be verified first.
    #[error("email not verified")]
    EmailNotVerified,
    /// The session has ended.
    #[error("session revoked")]
    Revoked {
        /// Whether that was within the grace of a rotation: then another tab of the same browser may have
        /// signed in again since the request was sent.
        just_now: bool,
    },
    /// The user has no such live session.
    #[error("session not found")]
    NotFound,
    /// There is no such user.
    #[error("user not found")]
    UserNotFound,
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The access token could not be signed.
    #[error("signing failed")]
    Token(#[source] BoxError),
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

impl From<AdmitError> for SessionError {
    fn from(error: AdmitError) -> Self {
        match error {
            AdmitError::TooMany(too_many) => Self::TooMany(too_many),
            AdmitError::Hash(error) => error.into(),
            AdmitError::Store(error) => Self::Store(error),
        }
    }
}
