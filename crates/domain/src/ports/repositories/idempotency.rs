//! The repository of idempotency keys.

use uuid::Uuid;

use crate::{
    model::{Id, IdempotentRequest, StoredRequest, Timestamp, User},
    ports::StoreResult,
};

/// Requests with idempotency keys.
pub trait IdempotencyRepo {
    /// Finds the stored request with the same user, route and key.
    fn find_request(
        &self,
        request: &IdempotentRequest,
    ) -> impl Future<Output = StoreResult<Option<StoredRequest>>> + Send;

    /// Locks the key for a request. Returns whether the key was free at this time; of any number of concurrent calls,
    /// one returns `true`.
    fn start_request(
        &mut self,
        request: &IdempotentRequest,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Stores the response to a request and the identifier of the resource it created. Returns whether the request
    /// still held its key.
    fn finish_request(
        &mut self,
        request: &IdempotentRequest,
        response: &str,
        resource_id: Uuid,
        expires_at: Timestamp,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Deletes a request that has no response.
    fn abandon_request(&mut self, request: &IdempotentRequest) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes the responses that describe a user.
    fn delete_responses_about(&mut self, user: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes every request. Returns how many were deleted.
    fn delete_all_requests(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes at most `limit` requests that expired before this time. Returns how many were deleted.
    fn delete_expired_requests(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;
}
