//! Cryptography behind the ports of the domain: randomness, MAC keys, access tokens, password hashing and passkeys.
//!
//! Other services verify access tokens with [`AccessTokenVerifier`].

mod factor_crypto;
mod jwt;
mod mac_keys;
mod passkeys;
mod password;
mod secret_key;

use aws_lc_rs::rand;
use vestibule_domain::Rng;

pub use factor_crypto::ServerFactorCrypto;
pub use jwt::{
    AccessTokenVerifier, Jwt, JwtSettings, KeyPair, KeyPairError, ParseKeySetError, SigningAlgorithm, VerifyError,
};
pub use mac_keys::ServerMacKeys;
pub use passkeys::WebAuthn;
pub use password::{HashLoad, HashPool, HashSettings, Zxcvbn};
pub use secret_key::{KeyRing, SecretKey, WeakKeyError};

/// The random number generator of AWS-LC, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    #[expect(clippy::expect_used, reason = "nothing here is secure without randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes).expect("the operating system provides randomness");
    }
}
