//! The port to stored events.

use crate::{
    Id, StoreResult, Timestamp,
    audit::{AuditEvent, ListEvents},
    user::User,
};

/// Refused sign-ins of one account from one network, told apart by a keyed digest of both. Only so many
/// become events of their own, and one more counts the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals {
    /// The digest.
    pub key: [u8; 32],
    /// Events before this time do not count.
    pub since: Timestamp,
    /// How many become events of their own.
    pub most: u32,
}

/// Stored events.
pub trait AuditRepo {
    /// The events of one page, the newest first, and one more when there is a next page.
    fn list_events(&self, list: &ListEvents) -> impl Future<Output = StoreResult<Vec<AuditEvent>>> + Send;

    /// How many events a list has; counting stops at `bound + 1`.
    fn count_events(
        &self,
        list: &ListEvents,
        bound: std::num::NonZeroU32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Adds an event.
    fn insert_event(&mut self, event: &AuditEvent) -> impl Future<Output = StoreResult<()>> + Send;

    /// Adds an event that may be one of many.
    fn insert_refusal(
        &mut self,
        event: &AuditEvent,
        refusals: &Refusals,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Forgets where a user was, in all events of that user.
    fn forget_origins(&mut self, user: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes at most `limit` events from before this time: says how many.
    fn delete_events(&mut self, before: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;
}
