//! The port to requests that were given a key.

use uuid::Uuid;

use crate::{Id, StoreResult, Timestamp, idempotency::Claim, user::User};

/// A request that was given a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRequest {
    /// A keyed digest of its body.
    pub fingerprint: [u8; 32],
    /// The answer to it; `None` while it is under way.
    pub answer: Option<String>,
}

/// Requests that were given a key.
pub trait IdempotencyRepo {
    /// The request that a claim meets.
    fn find_request(&self, claim: &Claim) -> impl Future<Output = StoreResult<Option<KeptRequest>>> + Send;

    /// Claims a key for a request, unless it is taken at this time: says whether it was free. Of any number of
    /// simultaneous calls one says `true`.
    fn claim_request(&mut self, claim: &Claim, at: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Keeps the answer to a request until a time, and what it made: says whether the claim still held.
    fn keep_answer(
        &mut self,
        claim: &Claim,
        answer: &str,
        made: Uuid,
        until: Timestamp,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Gives up a claim that has no answer.
    fn release_request(&mut self, claim: &Claim) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes the answers that tell of a user.
    fn forget_answers(&mut self, made: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes every request: returns how many.
    fn delete_all_requests(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes at most `limit` requests that are kept no longer than until this time: says how many.
    fn delete_requests(&mut self, before: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;
}
