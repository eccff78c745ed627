//! Challenges: steps of signing in and of adding a passkey that were begun and not completed yet.

use uuid::Uuid;

use crate::model::{Id, PasskeyChallenge, Secret, Timestamp, User, names::closed_names};

/// A challenge. It is deleted when it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Its identifier.
    pub id: Id<Challenge>,
    /// Its purpose.
    pub purpose: ChallengePurpose,
    /// The user; `None` for signing in with a passkey, where the user is not known yet.
    pub user: Option<Id<User>>,
    /// The random bytes that a passkey signs.
    pub bytes: PasskeyChallenge,
    /// The number of failed attempts so far.
    pub failed_attempts: u32,
    /// The time when it was created.
    pub created_at: Timestamp,
    /// The time when it expires.
    pub expires_at: Timestamp,
}

closed_names! {
    /// The purpose of a challenge.
    pub enum ChallengePurpose {
        /// To prove a second factor after a correct password.
        SecondFactor = "second_factor",
        /// To sign in with a passkey, or to prove one again.
        PasskeySignIn = "passkey_sign_in",
        /// To add a passkey.
        PasskeyRegistration = "passkey_registration",
    }
}

/// The number of failed attempts after which a challenge is void.
pub const MAX_FAILED_ATTEMPTS: u32 = 5;

/// The length of a challenge token: the identifier of the challenge and the MAC.
pub const CHALLENGE_TOKEN_BYTES: usize = 16 + 32;

/// The token of a [`ChallengePurpose::SecondFactor`] challenge, which proves that the password was correct: the identifier,
/// and a MAC that only this server can compute.
#[derive(Clone, PartialEq, Eq)]
pub struct ChallengeToken {
    pub(crate) id: Id<Challenge>,
    pub(crate) mac: Secret<[u8; 32]>,
}

impl ChallengeToken {
    /// Returns the bytes to send to the client.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; CHALLENGE_TOKEN_BYTES] {
        let mut bytes = [0; CHALLENGE_TOKEN_BYTES];
        bytes[..16].copy_from_slice(self.id.as_uuid().as_bytes());
        bytes[16..].copy_from_slice(self.mac.expose());
        bytes
    }

    /// Parses bytes from a client. The MAC is verified later.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; CHALLENGE_TOKEN_BYTES]) -> Self {
        let (mut id, mut mac) = ([0; 16], [0; 32]);
        id.copy_from_slice(&bytes[..16]);
        mac.copy_from_slice(&bytes[16..]);
        Self {
            id: Id::from_uuid(Uuid::from_bytes(id)),
            mac: Secret::new(mac),
        }
    }
}

impl std::fmt::Debug for ChallengeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChallengeToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
