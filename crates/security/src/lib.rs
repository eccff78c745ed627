//! The security ports of the domain: randomness, mac_keys digests, access tokens and the hashing of
//! passwords. Other services take [`AccessTokenVerifier`] from here.

mod jwt;
mod key_ring;
mod mac_keys;
mod password;
mod rng;
mod secret_key;

pub use jwt::{AccessTokenVerifier, BadKeyPair, BadKeySet, Jwt, JwtSettings, KeyPair, PairAlgorithm, VerifyError};
pub use key_ring::KeyRing;
pub use mac_keys::ServerMacKeys;
pub use password::{HashLoad, HashPool, HashSettings, Zxcvbn};
pub use rng::SystemRng;
pub use secret_key::{SecretKey, WeakKey};
