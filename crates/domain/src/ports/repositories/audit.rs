//! The repository of the audit log.

use crate::{
    model::{AuditEvent, Id, Limit, ListEvents, Listed, Timestamp, User},
    ports::StoreResult,
};

/// Refused sign-ins of one account from one network, told apart by a keyed digest of both. Only so many
/// become events of their own, and one more counts the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedSignIns {
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
    fn list_events(
        &self,
        list: &ListEvents,
    ) -> impl Future<Output = StoreResult<Vec<Listed<AuditEvent, Id<AuditEvent>>>>> + Send;

    /// How many events a list has; counting stops at `bound + 1`.
    fn count_events(
        &self,
        list: &ListEvents,
        bound: std::num::NonZeroU32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Adds an event.
    fn insert_event(&mut self, event: &AuditEvent) -> impl Future<Output = StoreResult<()>> + Send;

    /// Adds an event that may be one of many.
    fn insert_failed_attempt(
        &mut self,
        event: &AuditEvent,
        refusals: &FailedSignIns,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// One page of the events that a user has caused or that are about a user, the newest first, and one more
    /// when there is a next page.
    fn list_events_of(
        &self,
        user: Id<User>,
        after: Option<Id<AuditEvent>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<AuditEvent, Id<AuditEvent>>>>> + Send;

    /// Removes where a user was from about `limit` events of that user, the oldest first, beginning behind the
    /// event `after`. Returns the event behind which to go on; `None` when there are no more.
    fn anonymize_events(
        &mut self,
        user: Id<User>,
        after: Option<Id<AuditEvent>>,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Option<Id<AuditEvent>>>> + Send;

    /// Removes at most `limit` events from before this time: says how many.
    fn delete_events(&mut self, before: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;
}
