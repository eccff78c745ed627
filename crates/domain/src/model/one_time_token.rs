//! One-time tokens, which are sent in links.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use crate::model::{EmailAddress, Id, Secret, Timestamp, User, names::closed_names};

/// The stored part of a one-time token. It is deleted when the token is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// Its identifier.
    pub id: Id<OneTimeToken>,
    /// The user; `None` if a link was requested for an unknown address.
    pub user: Option<Id<User>>,
    /// Its purpose. A user has at most one token for each purpose.
    pub purpose: TokenPurpose,
    /// The new address, for a change of the email address.
    pub email: Option<EmailAddress>,
    /// The time when it was created.
    pub created_at: Timestamp,
    /// The time when it expires.
    pub expires_at: Timestamp,
}

closed_names! {
    /// The purpose of a one-time token.
    pub enum TokenPurpose {
        /// To verify an email address.
        VerifyEmail = "verify_email",
        /// To reset a forgotten password.
        ResetPassword = "reset_password",
        /// To choose the first password. It is a separate purpose, so that requesting a password reset does not
        /// invalidate the invitation.
        Invitation = "invitation",
        /// To confirm a new email address.
        ChangeEmail = "change_email",
    }
}

impl TokenPurpose {
    /// The purposes whose tokens set a password.
    pub(crate) const SETTING_PASSWORD: [Self; 2] = [Self::ResetPassword, Self::Invitation];
}

/// A one-time token as its link contains it: the identifier of the row, and a MAC that only this server can compute. It
/// cannot be derived from the database alone or from the secret key alone. The text form is 32 and 64 hexadecimal
/// digits, separated by a dot.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken {
    pub(crate) id: Id<OneTimeToken>,
    pub(crate) mac: Secret<[u8; 32]>,
}

impl fmt::Display for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.id.as_uuid().simple())?;
        self.mac.expose().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The text does not have the form of a one-time token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a one-time token")]
pub struct ParseLinkTokenError;

impl FromStr for LinkToken {
    type Err = ParseLinkTokenError;

    fn from_str(text: &str) -> Result<Self, ParseLinkTokenError> {
        let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let (id, mac) = text.split_once('.').ok_or(ParseLinkTokenError)?;
        if id.len() != 32 || mac.len() != 64 || !is_hex(id) || !is_hex(mac) {
            return Err(ParseLinkTokenError);
        }
        let id = Uuid::try_parse(id).map_err(|_| ParseLinkTokenError)?;
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(mac.as_bytes().chunks(2)) {
            let digits = str::from_utf8(digits).map_err(|_| ParseLinkTokenError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| ParseLinkTokenError)?;
        }
        Ok(Self {
            id: Id::from_uuid(id),
            mac: Secret::new(bytes),
        })
    }
}
