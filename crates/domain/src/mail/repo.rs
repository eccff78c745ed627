//! The port to the outbox.

use crate::{
    Id, Limit, Listed, StoreResult, Timestamp,
    mail::{ListedMail, Mail, MailCount, Priority},
    user::User,
};

/// The outbox.
pub trait MailRepo {
    /// Lists mails of one priority that are due at this time, the longest due first. Those that this version cannot
    /// read, such as one of a kind that only a newer version knows, are left out and stay as they are.
    fn list_due_mails(
        &self,
        priority: Priority,
        at: Timestamp,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<Mail>>> + Send;

    /// The mails of the outbox, the newest first.
    fn list_mails(&self, limit: u32) -> impl Future<Output = StoreResult<Vec<ListedMail>>> + Send;

    /// One page of the mails of the outbox that go to a user, the newest first, and one more when there is a
    /// next page.
    fn list_mails_of(
        &self,
        user: Id<User>,
        after: Option<Id<Mail>>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<ListedMail, Id<Mail>>>>> + Send;

    /// How many mails there are.
    fn count_mails(&self) -> impl Future<Output = StoreResult<MailCount>> + Send;

    /// Adds a mail.
    fn insert_mail(&mut self, mail: &Mail) -> impl Future<Output = StoreResult<()>> + Send;

    /// Takes a mail that is due on oneself until a time: says whether nobody else was faster. It counts
    /// as a try.
    fn claim_mail(&mut self, mail: &Mail, until: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Notes why a mail could not be sent, and when to try again; never, when that is `None`.
    fn postpone_mail(
        &mut self,
        id: Id<Mail>,
        error: &str,
        due_at: Option<Timestamp>,
        failing_since: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Notes why no mail can be sent, and gives a claimed mail back as if it had not been tried.
    fn return_mail(
        &mut self,
        id: Id<Mail>,
        error: &str,
        due_at: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Makes every mail that could not be sent so far due at this time: says how many.
    fn hasten_mails(&mut self, at: Timestamp) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes every mail that is about a one-time token: returns how many.
    fn delete_mails_with_links(&mut self) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes up to `limit` mails that will not be tried any more and whose first failure was before this
    /// time. Returns how many were deleted.
    fn delete_parked_mails(&mut self, before: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Deletes up to `limit` waiting mails whose link has expired at this time, or exists no longer. Returns
    /// how many were deleted.
    fn delete_expired_mails(&mut self, at: Timestamp, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Removes a mail.
    fn delete_mail(&mut self, id: Id<Mail>) -> impl Future<Output = StoreResult<()>> + Send;
}
