//! The error of signing in and refreshing.

use crate::{ports::BoxError, services::error::Error};

/// A failure to sign in or to refresh a session.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The email address, the password or the refresh token is incorrect. A client never learns which.
    #[error("incorrect email, password or refresh token")]
    InvalidCredentials,
    /// The password is correct, but the account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The password is correct, but the email address has to be verified first.
    #[error("the email address is not verified")]
    EmailNotVerified,
    /// The session was revoked, or has expired.
    #[error("the session has ended")]
    Revoked {
        /// True if it was revoked within the grace period of a rotation. Another tab of the same browser may then
        /// have signed in again since the request was sent.
        just_now: bool,
    },
    /// The access token could not be signed.
    #[error("the access token could not be signed")]
    Signing(#[source] BoxError),
    /// A shared failure.
    #[error(transparent)]
    Other(Error),
}

impl<E: Into<Error>> From<E> for SignInError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}
