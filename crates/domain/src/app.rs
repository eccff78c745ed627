//! What every use case is given.

use std::{error::Error, pin::Pin, sync::Arc};

use crate::{
    Clock, Entropy, Id, Keyed, Policy, Timestamp,
    credential::{PasswordHasher, PasswordMeter},
    session::AccessTokens,
    throttle::Networks,
};

/// A future behind a port that is chosen when the program starts.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An error of the outside world, whatever its type.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// The store, the outside world and the operator's decisions.
pub struct App<S> {
    /// The database.
    pub store: S,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The hashing of passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// What tells how easily a password is guessed.
    pub meter: Arc<dyn PasswordMeter>,
    /// The signing and reading of access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Keyed digests.
    pub keyed: Arc<dyn Keyed>,
    /// How often each network may still try passwords here.
    pub networks: Networks,
    /// The operator's decisions.
    pub policy: Policy,
}

impl<S> App<S> {
    /// An identifier for something that is created `at` this time.
    pub fn mint<T>(&self, at: Timestamp) -> Id<T> {
        Id::mint(at, self.entropy.as_ref())
    }
}
