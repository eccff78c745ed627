//! The repository of rate limits.

use crate::{
    model::{Acquisition, Quota, RateLimitKey, Timestamp},
    ports::StoreResult,
};

/// Stored quotas.
#[trait_variant::make(Send)]
pub trait RateLimitRepo {
    /// Returns the time when the quota is fully replenished, or `None` if it already is.
    async fn find_resets_at(&self, key: &RateLimitKey) -> StoreResult<Option<Timestamp>>;

    /// Acquires one attempt. Concurrent calls never acquire more than the quota allows.
    async fn acquire_quota(&mut self, key: &RateLimitKey, quota: &Quota, at: Timestamp) -> StoreResult<Acquisition>;

    /// Refunds one attempt.
    async fn refund_quota(&mut self, key: &RateLimitKey, quota: &Quota) -> StoreResult<()>;

    /// Deletes at most `limit` quotas that are fully replenished at this time. Returns how many were deleted.
    async fn delete_replenished_quotas(&mut self, at: Timestamp, limit: u32) -> StoreResult<u64>;
}
