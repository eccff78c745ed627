//! The errors of managing factors.

use crate::{
    ports::{PasskeyError, UniqueKey},
    services::{
        error::{Error, Failure, use_case_error},
        factors::PasskeysUnavailable,
        one_time_tokens::InvalidToken,
    },
};

/// The user has a confirmed authenticator app already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an authenticator app is set up already; remove it first")]
pub struct TotpEnabled;

/// The code to confirm an authenticator app is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the code is wrong")]
pub struct WrongTotpCode;

/// Recovery codes require a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("set up a second factor first")]
pub struct NoFactor;

/// The user could not sign in without the factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is the only way to sign in to the account")]
pub struct LastCredential;

/// A user has the credential already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the passkey is registered already")]
pub struct PasskeyRegistered;

/// The user has the maximum number of passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are too many passkeys; remove one first")]
pub struct TooManyPasskeys;

/// The response of the authenticator was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct InvalidPasskey(#[from] pub PasskeyError);

impl Failure for TotpEnabled {}
impl Failure for WrongTotpCode {}
impl Failure for NoFactor {}
impl Failure for LastCredential {}
impl Failure for TooManyPasskeys {}
impl Failure for InvalidPasskey {}

impl Failure for PasskeyRegistered {
    fn from_shared(error: &Error) -> Option<Self> {
        error.is_duplicate(&UniqueKey::PASSKEY_CREDENTIAL).then_some(Self)
    }
}

use_case_error! {
    /// A failure to generate the secret of an authenticator app.
    pub enum TotpError { TotpEnabled }
}

use_case_error! {
    /// A failure to confirm an authenticator app.
    pub enum ConfirmTotpError { TotpEnabled, InvalidToken, WrongTotpCode }
}

use_case_error! {
    /// A failure to generate recovery codes.
    pub enum RecoveryCodesError { NoFactor }
}

use_case_error! {
    /// A failure to request a new passkey.
    pub enum RequestPasskeyError { PasskeysUnavailable, TooManyPasskeys }
}

use_case_error! {
    /// A failure to add a passkey.
    pub enum RegisterPasskeyError { PasskeysUnavailable, InvalidToken, InvalidPasskey, PasskeyRegistered, TooManyPasskeys }
}

use_case_error! {
    /// A failure to remove a factor.
    pub enum RemoveFactorError { LastCredential }
}
