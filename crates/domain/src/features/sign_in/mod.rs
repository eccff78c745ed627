//! Signing in, refreshing and signing out.

mod error;
mod password;
mod refresh;
mod rotation;
mod sign_out;

use crate::model::AuditAction;

pub use error::{AccountDisabled, EmailNotVerified, InvalidCredentials, RefreshError, Revoked, SignInError, Signing};
pub use password::{SignIn, sign_in};
pub use refresh::refresh;
pub use sign_out::{SignOut, sign_out};

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[
    password::SESSION_STARTED,
    password::SESSION_REFUSED,
    refresh::SESSION_REUSE_DETECTED,
    sign_out::SESSION_ENDED,
];
