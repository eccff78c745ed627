//! Looking after the outbox from the command line.

use crate::{
    App, Commit, Store, StoreResult,
    mail::{Letter, ListedMail, Mail, MailCount, MailKind, MailRepo, Mailer, SendError},
    user::EmailAddress,
};

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
    };
    mailer.send(&letter).await
}
