//! Looking after the outbox from the command line.

use chrono::TimeDelta;

use crate::{
    App, Commit, Store, StoreResult,
    mail::{Letter, ListedMail, Mail, MailCount, MailKind, MailRepo, Mailer, SendError},
    purge::in_batches,
    user::EmailAddress,
};

/// How long mails are kept that will not be tried any more, counted from their first failure.
const PARKED_RETENTION: TimeDelta = TimeDelta::days(30);

/// The mails that wait or are parked, the newest first.
///
/// # Errors
/// The store failed.
pub async fn list<S: Store>(app: &App<S>, limit: u32) -> StoreResult<Vec<ListedMail>> {
    app.store.conn().list_mails(limit).await
}

/// How many mails wait and are parked.
///
/// # Errors
/// The store failed.
pub async fn count<S: Store>(app: &App<S>) -> StoreResult<MailCount> {
    app.store.conn().count_mails().await
}

/// Has every mail that could not be sent so far tried again at once: says how many. One that is being tried
/// right now may arrive twice.
///
/// # Errors
/// The store failed.
pub async fn retry<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let mut tx = app.store.begin().await?;
    let count = tx.hasten_mails(app.clock.now()).await?;
    tx.commit().await?;
    Ok(count)
}

/// Deletes mails that were parked a month ago, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed; what was deleted before that stays deleted.
pub async fn purge_parked<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - PARKED_RETENTION;
    in_batches(app, async |tx, limit| tx.delete_parked_mails(before, limit).await).await
}

/// Deletes waiting mails whose link has expired, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed; what was deleted before that stays deleted.
pub async fn purge_expired<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_expired_mails(now, limit).await).await
}

/// Sends a mail that says nothing but that it arrived, past the outbox.
///
/// # Errors
/// Why it was not accepted.
pub async fn send_test<S: Store>(app: &App<S>, mailer: &dyn Mailer, to: &EmailAddress) -> Result<(), SendError> {
    let now = app.clock.now();
    let letter = Letter {
        id: app.mint::<Mail>(now).as_uuid(),
        kind: MailKind::Test,
        to: to.as_str().to_owned(),
        name: None,
        token: None,
        note: None,
        at: now,
        sent_at: now,
    };
    mailer.send(&letter).await
}
