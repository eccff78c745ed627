//! The repository of rate limits.

use crate::{
    model::{Acquisition, Quota, RateLimitKey, Timestamp},
    ports::StoreResult,
};

/// Stored quotas.
pub trait RateLimitRepo {
    /// Returns the time when the quota is fully replenished, or `None` if it already is.
    fn find_resets_at(&self, key: &RateLimitKey) -> impl Future<Output = StoreResult<Option<Timestamp>>> + Send;

    /// Acquires one attempt. Concurrent calls never acquire more than the quota allows.
    fn acquire_quota(
        &mut self,
        key: &RateLimitKey,
        quota: &Quota,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<Acquisition>> + Send;

    /// Refunds one attempt.
    fn refund_quota(&mut self, key: &RateLimitKey, quota: &Quota) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes at most `limit` quotas that are fully replenished at this time. Returns how many were deleted.
    fn delete_replenished_quotas(&mut self, at: Timestamp, limit: u32)
    -> impl Future<Output = StoreResult<u64>> + Send;
}
