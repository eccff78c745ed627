//! The errors of signing in and refreshing.

use crate::{
    model::{ChallengeToken, ProofMethod},
    ports::BoxError,
    services::{
        error::{Error, Failure, use_case_error},
        factors::PasskeysUnavailable,
        one_time_tokens::InvalidToken,
    },
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

/// The password is correct, but the user has a second factor, which must be proved too.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a second factor is required")]
pub struct SecondFactorRequired {
    /// The token of the challenge, which proves for five minutes that the password was correct.
    pub challenge: ChallengeToken,
    /// The methods by which the user can prove a second factor.
    pub methods: Vec<ProofMethod>,
}

/// The user has a second factor, so the password alone does not suffice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a second factor is required")]
pub struct FactorRequired {
    /// The methods by which the user can prove a second factor.
    pub methods: Vec<ProofMethod>,
}

/// The password is incorrect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password is incorrect")]
pub struct IncorrectPassword;

/// The code is wrong or was used before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the code is wrong or was used before")]
pub struct WrongCode;

/// No user has the passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no user has this passkey")]
pub struct UnknownPasskey;

impl Failure for InvalidCredentials {}
impl Failure for AccountDisabled {}
impl Failure for EmailNotVerified {}
impl Failure for Revoked {}
impl Failure for Signing {}
impl Failure for SecondFactorRequired {}
impl Failure for WrongCode {}
impl Failure for UnknownPasskey {}
impl Failure for FactorRequired {}

impl Failure for IncorrectPassword {
    fn from_shared(error: &Error) -> Option<Self> {
        matches!(error, Error::WrongPassword).then_some(Self)
    }
}

use_case_error! {
    /// A failure to sign in.
    pub enum SignInError { InvalidCredentials, AccountDisabled, EmailNotVerified, SecondFactorRequired, Signing }
}

use_case_error! {
    /// A failure to prove a second factor.
    pub enum SecondFactorError { InvalidToken, WrongCode, InvalidCredentials, AccountDisabled, EmailNotVerified, Signing }
}

use_case_error! {
    /// A failure to sign in with a passkey.
    pub enum PasskeySignInError { PasskeysUnavailable, InvalidToken, UnknownPasskey, InvalidCredentials, AccountDisabled, EmailNotVerified, Signing }
}

use_case_error! {
    /// A failure to prove again who the user is.
    pub enum StepUpError { PasskeysUnavailable, InvalidToken, WrongCode, IncorrectPassword, InvalidCredentials, FactorRequired }
}

use_case_error! {
    /// A failure to refresh a session.
    pub enum RefreshError { InvalidCredentials, Revoked, Signing }
}
