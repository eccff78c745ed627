//! The repository of the audit log.

use std::num::NonZeroU32;

use crate::{
    model::{AuditEvent, Id, Limit, ListEvents, Listed, Timestamp, User},
    ports::StoreResult,
};

/// The limit on events for failed sign-ins to one account from one network. Each attempt beyond the limit increments a
/// counter of one further event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedSignIns {
    /// A MAC of the account and the network.
    pub key: [u8; 32],
    /// The start of the period. Earlier events do not count.
    pub since: Timestamp,
    /// The maximum number of separate events in the period.
    pub max_events: u32,
}

/// Stored events.
#[trait_variant::make(Send)]
pub trait AuditRepo {
    /// Returns one page of events, newest first, and one more event if there is a next page.
    async fn list_events(&self, list: &ListEvents) -> StoreResult<Vec<Listed<AuditEvent, Id<AuditEvent>>>>;

    /// Counts the events of a list, up to `bound + 1`.
    async fn count_events(&self, list: &ListEvents, bound: NonZeroU32) -> StoreResult<u64>;

    /// Inserts an event.
    async fn insert_event(&mut self, event: &AuditEvent) -> StoreResult<()>;

    /// Inserts the event of a failed attempt, or counts it if the limit is reached.
    async fn insert_failed_attempt(&mut self, event: &AuditEvent, limit: &FailedSignIns) -> StoreResult<()>;

    /// Returns one page of the events that a user performed or that affected the user, newest first, and one more event
    /// if there is a next page.
    async fn list_events_of(
        &self,
        user: Id<User>,
        after: Option<Id<AuditEvent>>,
        limit: Limit,
    ) -> StoreResult<Vec<Listed<AuditEvent, Id<AuditEvent>>>>;

    /// Removes the client from about `limit` events of a user, oldest first, starting after the event `after`. Returns
    /// the event after which to continue, or `None` if there are no more events.
    async fn anonymize_events(
        &mut self,
        user: Id<User>,
        after: Option<Id<AuditEvent>>,
        limit: u32,
    ) -> StoreResult<Option<Id<AuditEvent>>>;

    /// Deletes at most `limit` events from before this time. Returns how many were deleted.
    async fn delete_events(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;
}
