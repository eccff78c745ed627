//! Password hashing and strength estimation.

mod bcrypt_sha256;
mod hash_pool;
mod strength;

pub use hash_pool::{HashLoad, HashPool, HashSettings};
pub use strength::Zxcvbn;
