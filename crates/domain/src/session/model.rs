//! What a session is.

use crate::{Id, Secret, Timestamp, text::is_bidi_control, user::User};

/// A sign-in that lasts until it expires or is ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identifier, the `sid` of its access tokens.
    pub id: Id<Session>,
    /// Whose it is; `None` once that user was deleted. The row stays, so that a token that was good is
    /// told apart from a forged one.
    pub user: Option<Id<User>>,
    /// Goes into the digest of its refresh tokens, with the server's key.
    pub secret: SessionSecret,
    /// How often it was refreshed.
    pub generation: u32,
    /// When it was last refreshed; `None` before the first time.
    pub rotated_at: Option<Timestamp>,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the user signed in or last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub revoked_at: Option<Timestamp>,
    /// Where it was started.
    pub device: Device,
}

impl Session {
    /// Whether it is still good `at` this time.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.user.is_some() && self.revoked_at.is_none() && at < self.expires_at
    }
}

/// A session as a list shows it, without what its tokens are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identifier.
    pub id: Id<Session>,
    /// Its user; `None` once that user was deleted.
    pub user: Option<Id<User>>,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the user signed in or last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was revoked before that.
    pub revoked_at: Option<Timestamp>,
    /// Where it was started.
    pub device: Device,
}

impl SessionRow {
    /// Whether it is still valid at this time.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.user.is_some() && self.revoked_at.is_none() && at < self.expires_at
    }
}

/// The secret of a session's row: without it, the server's key alone forges no refresh token.
pub type SessionSecret = Secret<[u8; 32]>;

/// What is known of where a session was started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// The `User-Agent` header, cut to 400 characters.
    pub user_agent: Option<String>,
    /// The address of the client.
    pub ip_address: Option<String>,
}

impl Device {
    const USER_AGENT_LENGTH: usize = 400;

    /// Keeps what a request said about itself, without characters that control a terminal or the text around
    /// them.
    #[must_use]
    pub fn new(user_agent: Option<&str>, ip_address: Option<String>) -> Self {
        let user_agent = user_agent
            .map(|text| {
                text.chars()
                    .filter(|c| !c.is_control() && !is_bidi_control(*c))
                    .take(Self::USER_AGENT_LENGTH)
                    .collect::<String>()
            })
            .filter(|text| !text.is_empty());
        Self { user_agent, ip_address }
    }
}
