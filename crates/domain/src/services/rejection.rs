//! The reasons why the proof of a factor is rejected.

use crate::ports::PasskeyError;

/// The reason why a proof was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// The code is wrong or was used before.
    WrongCode,
    /// No user has the passkey.
    UnknownPasskey,
    /// A different user has the passkey.
    ForeignPasskey,
    /// The user was not verified, neither now nor at registration, for example with a PIN.
    UserNotVerified,
    /// The response was rejected.
    Passkey(PasskeyError),
}

impl Rejection {
    /// Returns the name of the reason in audit events.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::WrongCode => "wrong_code",
            Self::UnknownPasskey => "unknown_passkey",
            Self::ForeignPasskey => "foreign_passkey",
            Self::UserNotVerified => "user_not_verified",
            Self::Passkey(error) => error.reason(),
        }
    }
}
