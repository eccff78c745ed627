//! Managing the outbox from the command line.

use chrono::TimeDelta;

use crate::{
    model::{EmailAddress, EmailKind, ListedEmail, OutboxCounts, QueuedEmail},
    ports::{Commit, EmailMessage, Mailer, OutboxRepo, SendError, Store, StoreResult},
    services::{App, purge::in_batches},
};

/// The time since the first failure after which dead letters are deleted.
const DEAD_LETTER_RETENTION: TimeDelta = TimeDelta::days(30);

/// Returns the waiting emails and the dead letters, newest first.
///
/// # Errors
/// The store failed.
pub async fn list<S: Store>(app: &App<S>, limit: u32) -> StoreResult<Vec<ListedEmail>> {
    app.store.db().list_emails(limit).await
}

/// Counts the waiting emails and the dead letters.
///
/// # Errors
/// The store failed.
pub async fn count<S: Store>(app: &App<S>) -> StoreResult<OutboxCounts> {
    app.store.db().count_emails().await
}

/// Schedules an immediate attempt for every email whose delivery failed so far. Returns how many there are. An email
/// that is being sent at the same time may arrive twice.
///
/// # Errors
/// The store failed.
pub async fn retry_now<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let mut tx = app.store.begin().await?;
    let count = tx.retry_emails_now(app.clock.now()).await?;
    tx.commit().await?;
    Ok(count)
}

/// Deletes dead letters whose first failure was more than 30 days ago, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge_dead_letters<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - DEAD_LETTER_RETENTION;
    in_batches(app, async |tx, limit| tx.delete_dead_letters(before, limit).await).await
}

/// Deletes waiting emails whose link has expired, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge_expired<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_expired_emails(now, limit).await).await
}

/// Sends a test email directly, without the outbox.
///
/// # Errors
/// [`SendError`].
pub async fn send_test<S: Store>(app: &App<S>, mailer: &dyn Mailer, to: &EmailAddress) -> Result<(), SendError> {
    let now = app.clock.now();
    let message = EmailMessage {
        id: app.new_id::<QueuedEmail>(now).as_uuid(),
        kind: EmailKind::Test,
        to: to.as_str().to_owned(),
        name: None,
        token: None,
        note: None,
        at: now,
        sent_at: now,
    };
    mailer.send(&message).await
}
