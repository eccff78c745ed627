//! The context of every use case.

use std::sync::Arc;

use crate::{
    model::{Id, Policy, Timestamp},
    ports::{AccessTokens, Clock, MacKeys, PasswordHasher, PasswordMeter, Rng},
    services::ip_limiter::IpLimiter,
};

/// The store, the outside world and the operator's decisions.
pub struct App<S> {
    /// The database.
    pub store: S,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// The hashing of passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// What tells how easily a password is guessed.
    pub meter: Arc<dyn PasswordMeter>,
    /// The signing and reading of access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Keyed digests.
    pub mac_keys: Arc<dyn MacKeys>,
    /// How often each network may still try passwords here.
    pub ip_limiter: IpLimiter,
    /// The operator's decisions.
    pub policy: Policy,
}

impl<S> App<S> {
    /// An identifier for something that is created `at` this time.
    pub fn new_id<T>(&self, at: Timestamp) -> Id<T> {
        Id::new(at, self.rng.as_ref())
    }
}
