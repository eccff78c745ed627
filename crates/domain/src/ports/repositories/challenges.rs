//! The repository of challenges.

use crate::{
    model::{Challenge, Id, Timestamp, User},
    ports::StoreResult,
};

/// Stored challenges.
#[trait_variant::make(Send)]
pub trait ChallengeRepo {
    /// Finds a challenge.
    async fn find_challenge(&self, id: Id<Challenge>) -> StoreResult<Option<Challenge>>;

    /// Inserts a challenge.
    async fn insert_challenge(&mut self, challenge: &Challenge) -> StoreResult<()>;

    /// Counts a failed attempt. Returns the number of failed attempts so far, or `None` if the challenge no longer exists.
    async fn count_failed_attempt(&mut self, id: Id<Challenge>) -> StoreResult<Option<u32>>;

    /// Deletes a challenge. Returns whether it existed; of any number of concurrent calls, one returns `true`.
    async fn consume_challenge(&mut self, id: Id<Challenge>) -> StoreResult<bool>;

    /// Deletes the challenges of a user.
    async fn delete_challenges(&mut self, user: Id<User>) -> StoreResult<()>;

    /// Deletes every challenge. Returns how many were deleted.
    async fn delete_all_challenges(&mut self) -> StoreResult<u64>;

    /// Deletes at most `limit` challenges that expired before this time. Returns how many were deleted.
    async fn delete_expired_challenges(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;
}
