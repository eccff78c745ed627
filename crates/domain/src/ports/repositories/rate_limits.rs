//! The repository of rate limits.

use crate::{
    model::{Quota, RateLimitKey, RateLimited, Timestamp},
    ports::StoreResult,
};

/// Stored turns.
pub trait RateLimitRepo {
    /// When all turns will be there again; `None` when that is so already.
    fn find_resets_at(&self, key: &RateLimitKey) -> impl Future<Output = StoreResult<Option<Timestamp>>> + Send;

    /// Takes a turn. Of any number of simultaneous calls no more get one than there are.
    fn acquire_quota(
        &mut self,
        key: &RateLimitKey,
        rule: &Quota,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<Result<(), RateLimited>>> + Send;

    /// Gives a turn back.
    fn refund_quota(&mut self, key: &RateLimitKey, rule: &Quota) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes at most `limit` rows that say nothing any more at this time: says how many.
    fn delete_replenished_quotas(&mut self, at: Timestamp, limit: u32)
    -> impl Future<Output = StoreResult<u64>> + Send;
}
