//! Signing in, refreshing and signing out.

mod error;
mod passkey;
mod password;
mod refresh;
mod rotation;
mod second_factor;
mod session;
mod sign_out;
mod step_up;

use crate::model::AuditAction;

pub use error::{
    AccountDisabled, EmailNotVerified, FactorRequired, IncorrectPassword, InvalidCredentials, PasskeySignInError,
    RefreshError, Revoked, SecondFactorError, SecondFactorRequired, SignInError, Signing, StepUpError, UnknownPasskey,
    WrongCode,
};
pub use passkey::{PasskeyRequest, PasskeyRequestError, PasskeySignIn, request_passkey, sign_in_with_passkey};
pub use password::{SignIn, sign_in};
pub use refresh::refresh;
pub use second_factor::{ProveSecondFactor, prove_second_factor};
pub use sign_out::{SignOut, sign_out};
pub use step_up::{StepUp, step_up};

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[
    session::SESSION_STARTED,
    password::SESSION_REFUSED,
    second_factor::SECOND_FACTOR_REJECTED,
    step_up::SESSION_STEPPED_UP,
    refresh::SESSION_REUSE_DETECTED,
    sign_out::SESSION_ENDED,
];
