//! The repository of the outbox.

use crate::{
    model::{Id, Limit, Listed, ListedEmail, OutboxCounts, Priority, QueuedEmail, Timestamp, User},
    ports::StoreResult,
};

/// The outbox.
pub trait OutboxRepo {
    /// Lists mails of one priority that are due at this time, the longest due first. Those that this version cannot
    /// read, such as one of a kind that only a newer version knows, are left out and stay as they are.
    fn list_due_emails(
        &self,
        priority: Priority,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<QueuedEmail>>> + Send;

    /// The mails of the outbox, the newest first.
    fn list_emails(&self, limit: u32) -> impl Future<Output = StoreResult<Vec<ListedEmail>>> + Send;

    /// One page of the mails of the outbox that go to a user, the newest first, and one more when there is a
    /// next page.
    fn list_emails_of(
        &self,
        user: Id<User>,
        after: Option<Id<QueuedEmail>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<ListedEmail, Id<QueuedEmail>>>>> + Send;

    /// How many mails there are.
    fn count_emails(&self) -> impl Future<Output = StoreResult<OutboxCounts>> + Send;

    /// Adds a mail.
    fn insert_email(&mut self, mail: &QueuedEmail) -> impl Future<Output = StoreResult<()>> + Send;

    /// Takes a mail that is due on oneself until a time: says whether nobody else was faster. It counts
    /// as a try.
    fn claim_email(&mut self, mail: &QueuedEmail, until: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Notes why a mail could not be sent, and when to try again; never, when that is `None`.
    fn postpone_email(
        &mut self,
        id: Id<QueuedEmail>,
        error: &str,
        due_at: Option<Timestamp>,
        failing_since: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Notes why no mail can be sent, and gives a claimed mail back as if it had not been tried.
    fn return_email(
        &mut self,
        id: Id<QueuedEmail>,
        error: &str,
        due_at: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Makes every mail that could not be sent so far due at this time: says how many.
    fn retry_emails_now(&mut self, at: Timestamp) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes every mail that is about a one-time token: returns how many.
    fn delete_mails_with_links(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes up to `limit` mails that will not be tried any more and whose first failure was before this
    /// time. Returns how many were deleted.
    fn delete_dead_letters(&mut self, before: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes up to `limit` waiting mails whose link has expired at this time, or exists no longer. Returns
    /// how many were deleted.
    fn delete_expired_emails(&mut self, at: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes a mail.
    fn delete_email(&mut self, id: Id<QueuedEmail>) -> impl Future<Output = StoreResult<()>> + Send;
}
