//! The ports to hashing passwords and measuring their strength.

use std::time::Duration;

use crate::{
    model::{Password, PasswordAttempt, PasswordHash},
    ports::{BoxError, BoxFuture},
};

/// Hashes passwords on dedicated threads, because hashing is slow.
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password with a new salt.
    fn hash(&self, password: Password) -> BoxFuture<'_, Result<PasswordHash, HashError>>;

    /// Returns whether passwords can be verified against a hash, which a different application may have created.
    fn is_usable(&self, hash: &PasswordHash) -> bool;

    /// Verifies a password. Without a hash, does the same work and returns [`PasswordCheck::Wrong`], so that an unknown
    /// account takes as long as a known one. An attempt that is abandoned while it waits in the queue is skipped with
    /// [`HashError::Abandoned`].
    fn verify(
        &self,
        attempt: PasswordAttempt,
        hash: Option<PasswordHash>,
    ) -> BoxFuture<'_, Result<PasswordCheck, HashError>>;
}

/// The result of verifying a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordCheck {
    /// The password is incorrect.
    Wrong,
    /// The password is correct.
    Correct,
    /// The password is correct, but its hash has an outdated format or cost and should be replaced.
    Outdated,
}

/// The password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The queue is full.
    #[error("too many passwords are waiting to be hashed")]
    Busy {
        /// The time after which to retry.
        retry_after: Duration,
    },
    /// The client disconnected, so that it would not receive the result.
    #[error("the client disconnected")]
    Abandoned,
    /// Hashing failed.
    #[error("hashing failed")]
    Failure(#[source] BoxError),
}

/// Estimates the strength of passwords.
pub trait PasswordMeter: Send + Sync {
    /// Estimates the strength of a password. `user_inputs` are facts about its owner, which attackers may know.
    fn measure(&self, password: &str, user_inputs: &[&str]) -> Strength;
}

/// The strength of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strength {
    /// The score, from 0 (too guessable) to 4 (very unguessable).
    pub score: u8,
    /// Advice for a stronger password: a sentence without a full stop.
    pub advice: String,
}
