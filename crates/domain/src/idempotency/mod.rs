//! Requests that are carried out once, however often they are sent.
//!
//! Whoever makes something can give the request a key. The first request with it is carried out, and its
//! answer is kept in the transaction of what it did; the same request again gets the same answer.

mod keep;
mod key;
mod repo;

pub(crate) use keep::keep;
pub use keep::{Begun, Claim, IdempotencyError, Keep, begin, purge, release};
pub use key::{IdempotencyKey, ParseIdempotencyKeyError};
pub use repo::{IdempotencyRepo, KeptRequest};
