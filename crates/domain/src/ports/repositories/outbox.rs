//! The repository of the outbox.

use crate::{
    model::{Id, Limit, Listed, ListedEmail, OutboxCounts, Priority, QueuedEmail, Timestamp, User},
    ports::StoreResult,
};

/// Emails in the outbox.
pub trait OutboxRepo {
    /// Returns emails of one priority that are due at this time, in the order of their due times. Skips emails that
    /// this version cannot read, such as those of a kind that a newer version added.
    fn list_due_emails(
        &self,
        priority: Priority,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<QueuedEmail>>> + Send;

    /// Returns the emails in the outbox, newest first.
    fn list_emails(&self, limit: u32) -> impl Future<Output = StoreResult<Vec<ListedEmail>>> + Send;

    /// Returns one page of the emails to a user, newest first, and one more email if there is a next page.
    fn list_emails_of(
        &self,
        user: Id<User>,
        after: Option<Id<QueuedEmail>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<ListedEmail, Id<QueuedEmail>>>>> + Send;

    /// Counts the emails.
    fn count_emails(&self) -> impl Future<Output = StoreResult<OutboxCounts>> + Send;

    /// Inserts an email.
    fn insert_email(&mut self, email: &QueuedEmail) -> impl Future<Output = StoreResult<()>> + Send;

    /// Claims a due email for this instance until a given time, and counts a delivery attempt. Returns whether the
    /// claim succeeded: a different instance may have been faster.
    fn claim_email(&mut self, email: &QueuedEmail, until: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Stores the error of a delivery attempt and the time of the next attempt; `None` makes the email a
    /// dead letter.
    fn postpone_email(
        &mut self,
        id: Id<QueuedEmail>,
        error: &str,
        due_at: Option<Timestamp>,
        failing_since: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Stores the error of the mail server and releases a claimed email without counting an attempt.
    fn return_email(
        &mut self,
        id: Id<QueuedEmail>,
        error: &str,
        due_at: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Makes every email whose delivery failed so far due at this time. Returns how many there are.
    fn retry_emails_now(&mut self, at: Timestamp) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes every email with a one-time token. Returns how many were deleted.
    fn delete_emails_with_links(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes at most `limit` dead letters whose first failure was before this time. Returns how many were deleted.
    fn delete_dead_letters(&mut self, before: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes at most `limit` waiting emails whose link has expired or no longer exists. Returns how many were
    /// deleted.
    fn delete_expired_emails(&mut self, at: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes an email.
    fn delete_email(&mut self, id: Id<QueuedEmail>) -> impl Future<Output = StoreResult<()>> + Send;
}
