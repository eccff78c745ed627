//! Managing the outbox from the command line.

use chrono::TimeDelta;

use crate::{
    model::{EmailAddress, EmailKind, ListedEmail, OutboxCounts, QueuedEmail},
    ports::{Commit, EmailMessage, Mailer, OutboxRepo, SendError, Store, StoreResult},
    services::{App, purge::in_batches},
};

/// How long mails are kept that will not be tried any more, counted from their first failure.
const PARKED_RETENTION: TimeDelta = TimeDelta::days(30);

/// The mails that wait or are parked, the newest first.
///
/// # Errors
/// The store failed.
pub async fn list<S: Store>(app: &App<S>, limit: u32) -> StoreResult<Vec<ListedEmail>> {
    app.store.db().list_emails(limit).await
}

/// How many mails wait and are parked.
///
/// # Errors
/// The store failed.
pub async fn count<S: Store>(app: &App<S>) -> StoreResult<OutboxCounts> {
    app.store.db().count_emails().await
}

/// Has every mail that could not be sent so far tried again at once: says how many. One that is being tried
/// right now may arrive twice.
///
/// # Errors
/// The store failed.
pub async fn retry_now<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let mut tx = app.store.begin().await?;
    let count = tx.retry_emails_now(app.clock.now()).await?;
    tx.commit().await?;
    Ok(count)
}

/// Deletes mails that were parked a month ago, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed; what was deleted before that stays deleted.
pub async fn purge_dead_letters<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - PARKED_RETENTION;
    in_batches(app, async |tx, limit| tx.delete_dead_letters(before, limit).await).await
}

/// Deletes waiting mails whose link has expired, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed; what was deleted before that stays deleted.
pub async fn purge_expired<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_expired_emails(now, limit).await).await
}

/// Sends a mail that says nothing but that it arrived, past the outbox.
///
/// # Errors
/// Why it was not accepted.
pub async fn send_test<S: Store>(app: &App<S>, mailer: &dyn Mailer, to: &EmailAddress) -> Result<(), SendError> {
    let now = app.clock.now();
    let letter = EmailMessage {
        id: app.new_id::<QueuedEmail>(now).as_uuid(),
        kind: EmailKind::Test,
        to: to.as_str().to_owned(),
        name: None,
        token: None,
        note: None,
        at: now,
        sent_at: now,
    };
    mailer.send(&letter).await
}
