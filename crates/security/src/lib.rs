//! The security ports of the domain: randomness, keyed digests, access tokens and the hashing of
//! passwords.

mod entropy;
mod jwt;
mod key;
mod keyed;
mod password;

pub use entropy::SystemEntropy;
pub use jwt::{Jwt, JwtSettings};
pub use key::{ServerKey, WeakKey};
pub use keyed::ServerKeyed;
pub use password::{HashPool, HashSettings};
