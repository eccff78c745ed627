//! One-time tokens, which are sent in links.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use crate::model::{EmailAddress, Id, Secret, Timestamp, User};

/// What a link was made for. Its row is removed when it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// Its identifier.
    pub id: Id<OneTimeToken>,
    /// Whose it is; nobody's, when it was asked for an address that nobody has.
    pub user: Option<Id<User>>,
    /// What it is for. A user has one at most for each purpose.
    pub purpose: TokenPurpose,
    /// The address to change to.
    pub email: Option<EmailAddress>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
}

/// What a one-time token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// To show that an address is one's own.
    VerifyEmail,
    /// To choose another password.
    ResetPassword,
    /// To choose the first password. It is a purpose of its own, so that whoever asks for a link to choose another
    /// password does not end the invitation.
    Invitation,
    /// To confirm a new address.
    ChangeEmail,
}

impl TokenPurpose {
    /// Every purpose.
    const ALL: [Self; 4] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::Invitation,
        Self::ChangeEmail,
    ];

    /// Those for which a token sets a password.
    pub(crate) const SETTING_PASSWORD: [Self; 2] = [Self::ResetPassword, Self::Invitation];

    /// Its name, as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
            Self::ChangeEmail => "change_email",
        }
    }

    /// The purpose with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }
}

/// A one-time token as its link carries it: which row, and a digest that only this server makes. Neither
/// the database alone nor the key alone gives it. As text: 32 and 64 hexadecimal digits with a dot between.
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

/// It has not the form of a one-time token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a one-time token")]
pub struct ParseLinkTokenError;

impl FromStr for LinkToken {
    type Err = ParseLinkTokenError;

    fn from_str(text: &str) -> Result<Self, ParseLinkTokenError> {
        let is_plain = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let (id, mac) = text.split_once('.').ok_or(ParseLinkTokenError)?;
        if id.len() != 32 || mac.len() != 64 || !is_plain(id) || !is_plain(mac) {
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
