//! The errors of use cases.

use crate::{
    model::{Denied, PasswordError, RateLimited, Stale},
    ports::{BoxError, HashError, StoreError, UniqueKey},
    services::rate_limit::AttemptError,
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
    RateLimited(#[from] RateLimited),
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
            CredentialError::RateLimited(too_many) => Self::RateLimited(too_many),
            CredentialError::Hash(error) => Self::Hash(error),
            CredentialError::Store(error) => Self::Store(error),
        }
    }
}

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
    RateLimited(#[from] RateLimited),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AttemptError> for CredentialError {
    fn from(error: AttemptError) -> Self {
        match error {
            AttemptError::RateLimited(too_many) => Self::RateLimited(too_many),
            AttemptError::Hash(error) => error.into(),
            AttemptError::Store(error) => Self::Store(error),
        }
    }
}

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
    RateLimited(#[from] RateLimited),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AttemptError> for SessionError {
    fn from(error: AttemptError) -> Self {
        match error {
            AttemptError::RateLimited(too_many) => Self::RateLimited(too_many),
            AttemptError::Hash(error) => error.into(),
            AttemptError::Store(error) => Self::Store(error),
        }
    }
}

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
    RateLimited(#[from] RateLimited),
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

impl From<AttemptError> for VerificationError {
    fn from(error: AttemptError) -> Self {
        match error {
            AttemptError::RateLimited(too_many) => Self::RateLimited(too_many),
            AttemptError::Hash(error) => error.into(),
            AttemptError::Store(error) => error.into(),
        }
    }
}

impl From<CredentialError> for VerificationError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Denied(denied) => Self::Denied(denied),
            CredentialError::UserNotFound => Self::UserNotFound,
            CredentialError::WrongPassword => Self::WrongPassword,
            CredentialError::RateLimited(too_many) => Self::RateLimited(too_many),
            CredentialError::Hash(error) => Self::Hash(error),
            CredentialError::Store(error) => error.into(),
        }
    }
}
