//! The security ports of the domain: randomness, keyed digests, access tokens and the hashing of
//! passwords. Other services take [`AccessTokenVerifier`] from here.

mod entropy;
mod jwt;
mod key;
mod key_ring;
mod keyed;
mod password;

pub use entropy::SystemEntropy;
pub use jwt::{AccessTokenVerifier, BadKeyPair, BadKeySet, Jwt, JwtSettings, KeyPair, PairAlgorithm, VerifyError};
pub use key::{ServerKey, WeakKey};
pub use key_ring::KeyRing;
pub use keyed::ServerKeyed;
pub use password::{HashLoad, HashPool, HashSettings, Zxcvbn};
