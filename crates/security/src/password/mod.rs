//! The hashing of passwords.

mod format;
mod meter;
mod pool;

pub use meter::Zxcvbn;
pub use pool::{HashLoad, HashPool, HashSettings};
