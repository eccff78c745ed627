//! The errors of signing in and refreshing.

use crate::{
    ports::BoxError,
    services::error::{Failure, use_case_error},
};

/// The email address, the password or the refresh token is incorrect. A client never learns which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("incorrect email, password or refresh token")]
pub struct InvalidCredentials;

/// The password is correct, but the account is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the account is disabled")]
pub struct AccountDisabled;

/// The password is correct, but the email address has to be verified first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the email address is not verified")]
pub struct EmailNotVerified;

/// The session was revoked, or has expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session has ended")]
pub struct Revoked {
    /// True if it was revoked within the grace period of a rotation. Another tab of the same browser may then have
    /// signed in again since the request was sent.
    pub just_now: bool,
}

/// The access token could not be signed.
#[derive(Debug, thiserror::Error)]
#[error("the access token could not be signed")]
pub struct Signing(#[source] pub BoxError);

impl Failure for InvalidCredentials {}
impl Failure for AccountDisabled {}
impl Failure for EmailNotVerified {}
impl Failure for Revoked {}
impl Failure for Signing {}

use_case_error! {
    /// A failure to sign in.
    pub enum SignInError { InvalidCredentials, AccountDisabled, EmailNotVerified, Signing }
}

use_case_error! {
    /// A failure to refresh a session.
    pub enum RefreshError { InvalidCredentials, Revoked, Signing }
}
