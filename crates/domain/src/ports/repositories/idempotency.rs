//! The repository of idempotency keys.

use uuid::Uuid;

use crate::{
    model::{Id, IdempotentRequest, StoredRequest, Timestamp, User},
    ports::StoreResult,
};

/// Requests with idempotency keys.
#[trait_variant::make(Send)]
pub trait IdempotencyRepo {
    /// Finds the stored request with the same user, route and key.
    async fn find_request(&self, request: &IdempotentRequest) -> StoreResult<Option<StoredRequest>>;

    /// Locks the key for a request. Returns whether the key was free at this time; of any number of concurrent calls,
    /// one returns `true`.
    async fn start_request(&mut self, request: &IdempotentRequest, at: Timestamp) -> StoreResult<bool>;

    /// Stores the response to a request and the identifier of the resource it created. Returns whether the request
    /// still held its key.
    async fn finish_request(
        &mut self,
        request: &IdempotentRequest,
        response: &str,
        resource_id: Uuid,
        expires_at: Timestamp,
    ) -> StoreResult<bool>;

    /// Deletes a request that has no response.
    async fn abandon_request(&mut self, request: &IdempotentRequest) -> StoreResult<()>;

    /// Deletes the responses that describe a user.
    async fn delete_responses_about(&mut self, user: Id<User>) -> StoreResult<()>;

    /// Deletes every request. Returns how many were deleted.
    async fn delete_all_requests(&mut self) -> StoreResult<u64>;

    /// Deletes at most `limit` requests that expired before this time. Returns how many were deleted.
    async fn delete_expired_requests(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;
}
