//! The application for a test, without a server.

use std::{sync::Arc, time::Duration};

use vestibule_api::App;
use vestibule_domain::{IpLimiter, Policy};
use vestibule_persistence::SeaStore;
use vestibule_security::{HashPool, HashSettings, Jwt, JwtSettings, KeyRing, SecretKey, SystemRng, WebAuthn, Zxcvbn};

use crate::TestClock;

/// The public URL of test servers, regardless of their port.
pub(crate) const PUBLIC_URL: &str = "http://localhost:8000";

const SECRET_KEY: &str = "a secret key for tests, 0123456789";

/// An application with the parts that tests inspect or control.
pub struct TestApp {
    /// The application.
    pub app: Arc<App>,
    /// The clock of the application.
    pub clock: TestClock,
    /// The hashing threads of the application.
    pub hasher: Arc<HashPool>,
    /// The public keys for access tokens, as a JWK set.
    pub jwks: String,
}

/// Assembles an application as the server does, but with cheap hashes. Creates hashing threads unless `hasher` is
/// given.
#[must_use]
pub fn app(store: SeaStore, clock: TestClock, policy: Policy, hasher: Option<Arc<HashPool>>) -> TestApp {
    let ring = KeyRing::from(SecretKey::parse(SECRET_KEY).expect("strong enough"));
    let jwt = JwtSettings {
        issuer: PUBLIC_URL.to_owned(),
        audience: PUBLIC_URL.to_owned(),
    };
    let settings = HashSettings {
        cost: 4,
        threads: 2,
        queue: 512,
        max_wait: Duration::from_mins(1),
    };
    let hasher = hasher.unwrap_or_else(|| Arc::new(HashPool::new(settings)));
    let jwt = Jwt::with_shared_key(&ring, jwt);
    let jwks = jwt.jwks();
    let app = App {
        store,
        clock: Arc::new(clock.clone()),
        rng: Arc::new(SystemRng),
        hasher: Arc::<HashPool>::clone(&hasher),
        access_tokens: Arc::new(jwt),
        meter: Arc::new(Zxcvbn),
        mac_keys: Arc::new(ring.mac_keys()),
        factor_crypto: Arc::new(ring.factor_crypto()),
        passkeys: Some(Arc::new(WebAuthn::new(
            "localhost".to_owned(),
            vec![PUBLIC_URL.to_owned()],
        ))),
        ip_limiter: IpLimiter::default(),
        policy,
    };
    TestApp {
        app: Arc::new(app),
        clock,
        hasher,
        jwks,
    }
}
