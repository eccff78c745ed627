//! The repository of the outbox.

use crate::{
    model::{Id, Limit, Listed, ListedEmail, OutboxCounts, Priority, QueuedEmail, Timestamp, User},
    ports::StoreResult,
};

/// Emails in the outbox.
#[trait_variant::make(Send)]
pub trait OutboxRepo {
    /// Returns emails of one priority that are due at this time, in the order of their due times. Skips emails that
    /// this version cannot read, such as those of a kind that a newer version added.
    async fn list_due_emails(&self, priority: Priority, at: Timestamp, limit: u32) -> StoreResult<Vec<QueuedEmail>>;

    /// Returns the emails in the outbox, newest first.
    async fn list_emails(&self, limit: u32) -> StoreResult<Vec<ListedEmail>>;

    /// Returns one page of the emails to a user, newest first, and one more email if there is a next page.
    async fn list_emails_of(
        &self,
        user: Id<User>,
        after: Option<Id<QueuedEmail>>,
        limit: Limit,
    ) -> StoreResult<Vec<Listed<ListedEmail, Id<QueuedEmail>>>>;

    /// Counts the emails.
    async fn count_emails(&self) -> StoreResult<OutboxCounts>;

    /// Inserts an email.
    async fn insert_email(&mut self, email: &QueuedEmail) -> StoreResult<()>;

    /// Claims a due email for this instance until a given time, and counts a delivery attempt. Returns whether the
    /// claim succeeded: a different instance may have been faster.
    async fn claim_email(&mut self, email: &QueuedEmail, until: Timestamp) -> StoreResult<bool>;

    /// Stores the error of a delivery attempt and the time of the next attempt; `None` makes the email a
    /// dead letter.
    async fn postpone_email(
        &mut self,
        id: Id<QueuedEmail>,
        error: &str,
        due_at: Option<Timestamp>,
        failing_since: Timestamp,
    ) -> StoreResult<()>;

    /// Stores the error of the mail server and releases a claimed email without counting an attempt.
    async fn return_email(&mut self, id: Id<QueuedEmail>, error: &str, due_at: Timestamp) -> StoreResult<()>;

    /// Makes every email whose delivery failed so far due at this time. Returns how many there are.
    async fn retry_emails_now(&mut self, at: Timestamp) -> StoreResult<u64>;

    /// Deletes every email with a one-time token. Returns how many were deleted.
    async fn delete_emails_with_links(&mut self) -> StoreResult<u64>;

    /// Deletes at most `limit` dead letters whose first failure was before this time. Returns how many were deleted.
    async fn delete_dead_letters(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;

    /// Deletes at most `limit` waiting emails whose link has expired or no longer exists. Returns how many were
    /// deleted.
    async fn delete_expired_emails(&mut self, at: Timestamp, limit: u32) -> StoreResult<u64>;

    /// Deletes an email.
    async fn delete_email(&mut self, id: Id<QueuedEmail>) -> StoreResult<()>;
}
