//! The hashing of passwords.

mod format;
mod pool;

pub use pool::{HashLoad, HashPool, HashSettings};
