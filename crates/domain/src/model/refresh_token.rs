//! Refresh tokens.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::model::{Id, Session};

/// The length of a refresh token: the identifier of the session, the generation and the MAC.
pub const REFRESH_TOKEN_BYTES: usize = 16 + 4 + 32;

/// A refresh token: a session, a generation, and a MAC that only this server can compute.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub(crate) session: Id<Session>,
    pub(crate) generation: u32,
    pub(crate) mac: [u8; 32],
}

impl RefreshToken {
    /// Returns the bytes to send to the client.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; REFRESH_TOKEN_BYTES] {
        let mut bytes = [0; REFRESH_TOKEN_BYTES];
        bytes[..16].copy_from_slice(self.session.as_uuid().as_bytes());
        bytes[16..20].copy_from_slice(&self.generation.to_be_bytes());
        bytes[20..].copy_from_slice(&self.mac);
        bytes
    }

    /// Parses bytes from a client. The MAC is verified later.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; REFRESH_TOKEN_BYTES]) -> Self {
        let (mut id, mut generation, mut mac) = ([0; 16], [0; 4], [0; 32]);
        id.copy_from_slice(&bytes[..16]);
        generation.copy_from_slice(&bytes[16..20]);
        mac.copy_from_slice(&bytes[20..]);
        Self {
            session: Id::from_uuid(Uuid::from_bytes(id)),
            generation: u32::from_be_bytes(generation),
            mac,
        }
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshToken")
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

/// The tokens that a client receives when it signs in or refreshes.
#[derive(Clone)]
pub struct TokenPair {
    /// The session.
    pub session: Id<Session>,
    /// The signed access token.
    pub access_token: String,
    /// The remaining lifetime of the access token.
    pub access_expires_in: TimeDelta,
    /// The token to exchange for the next pair.
    pub refresh_token: RefreshToken,
    /// The remaining lifetime of the session.
    pub refresh_expires_in: TimeDelta,
}
