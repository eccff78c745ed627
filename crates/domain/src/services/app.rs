//! The context of use cases.

use std::sync::Arc;

use crate::{
    model::{Id, Policy, Timestamp},
    ports::{AccessTokens, Clock, FactorCrypto, MacKeys, Passkeys, PasswordHasher, PasswordMeter, Rng},
    services::ip_limiter::IpLimiter,
};

/// The ports and the policy, which every use case receives.
pub struct App<S> {
    /// The database.
    pub store: S,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of random bytes.
    pub rng: Arc<dyn Rng>,
    /// The password hasher.
    pub hasher: Arc<dyn PasswordHasher>,
    /// The meter of password strength.
    pub meter: Arc<dyn PasswordMeter>,
    /// The issuer and verifier of access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// The keys for message authentication codes.
    pub mac_keys: Arc<dyn MacKeys>,
    /// The cryptography of second factors.
    pub factor_crypto: Arc<dyn FactorCrypto>,
    /// The verifier of passkeys; `None` if the host of the public URL is an IP address, for which there are no passkeys.
    pub passkeys: Option<Arc<dyn Passkeys>>,
    /// The rate limits of networks at this instance.
    pub ip_limiter: IpLimiter,
    /// The policy that the operator configures.
    pub policy: Policy,
}

impl<S> App<S> {
    /// Returns a new identifier for a resource that is created at this time.
    pub fn new_id<T>(&self, at: Timestamp) -> Id<T> {
        Id::new(at, self.rng.as_ref())
    }
}
