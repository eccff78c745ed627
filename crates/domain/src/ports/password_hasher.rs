//! The ports to hashing passwords and measuring their strength.

use std::time::Duration;

use crate::{
    model::{Password, PasswordAttempt, PasswordHash},
    ports::{BoxError, BoxFuture},
};

/// Hashes passwords, slowly, on threads of its own.
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password with a new salt.
    fn hash(&self, password: Password) -> BoxFuture<'_, Result<PasswordHash, HashError>>;

    /// Whether a password can be verified against a hash that some other program made.
    fn is_usable(&self, hash: &PasswordHash) -> bool;

    /// Verifies a password. Without a hash to verify against it does the same work and says
    /// [`PasswordCheck::Wrong`], so that an unknown account takes as long as a known one. An attempt that is
    /// abandoned before its turn is skipped with [`HashError::Abandoned`].
    fn verify(
        &self,
        attempt: PasswordAttempt,
        hash: Option<PasswordHash>,
    ) -> BoxFuture<'_, Result<PasswordCheck, HashError>>;
}

/// What verifying a password showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordCheck {
    /// It is not the password.
    Wrong,
    /// It is the password.
    Correct,
    /// It is the password, but its hash is of an older format or another cost and should be made anew.
    Outdated,
}

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("too many passwords are waiting to be hashed")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The client disconnected: nothing was hashed, or nobody would receive what was granted.
    #[error("the client disconnected")]
    Abandoned,
    /// The hashing itself failed.
    #[error("hashing failed")]
    Failure(#[source] BoxError),
}

/// Tells how easily passwords are guessed.
pub trait PasswordMeter: Send + Sync {
    /// Measures a password; `about` is what is known of its owner.
    fn measure(&self, password: &str, about: &[&str]) -> Strength;
}

/// How easily a password is guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// From 0, too guessable, to 4, very unguessable.
    pub score: u8,
    /// What is wrong with it or would make it better: a sentence without its full stop.
    pub advice: String,
}
