//! Sending what is in the outbox.

use chrono::TimeDelta;

use crate::{
    App, Commit, Store, StoreError, StoreResult, Timestamp,
    mail::{Letter, Mail, MailKind, MailRepo, Mailer, SendError},
    user::UserRepo,
    verification::{LinkToken, VerificationRepo},
};

/// How many mails one look into the outbox takes.
const BATCH: u32 = 20;

/// How long a mail is left to the instance that took it. Whoever takes longer, or dies, leaves it to the
/// others: then it may arrive twice. Longer than any [`Mailer`] tries.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// The wait after the first failure. Each further one is three times as long, up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(5);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// After this time nobody wants to read it any more.
const WORTH_TRYING: TimeDelta = TimeDelta::days(3);

/// What became of the mails that were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Sent.
    pub sent: u64,
    /// To be tried again.
    pub postponed: u64,
    /// Not tried again until the operator says so.
    pub parked: u64,
}

/// Sends the mails that are due, one after the other. Any number of instances may do so at once.
///
/// A mail is taken before it is sent and removed after that, so one that was committed is never lost; it
/// arrives twice only when the instance ends in between.
///
/// # Errors
/// The store failed. What was not settled is tried again.
pub async fn deliver<S: Store>(app: &App<S>, mailer: &dyn Mailer) -> StoreResult<Delivered> {
    let mut delivered = Delivered::default();
    loop {
        let due = app.store.conn().list_due_mails(app.clock.now(), BATCH).await?;
        let is_last = due.len() < BATCH as usize;
        for mail in due {
            if claim(app, &mail).await? {
                settle(app, mailer, &mail, &mut delivered).await?;
            }
        }
        if is_last {
            return Ok(delivered);
        }
    }
}

async fn claim<S: Store>(app: &App<S>, mail: &Mail) -> StoreResult<bool> {
    let mut tx = app.store.begin().await?;
    let is_ours = tx.claim_mail(mail, app.clock.now() + CLAIM).await?;
    tx.commit().await?;
    Ok(is_ours)
}

async fn settle<S: Store>(
    app: &App<S>,
    mailer: &dyn Mailer,
    mail: &Mail,
    delivered: &mut Delivered,
) -> StoreResult<()> {
    let outcome = match letter(app, mail).await {
        Ok(Some(letter)) => Some(mailer.send(&letter).await),
        Ok(None) => None,
        // Its user or its link cannot be read, which does not concern other mails. A newer version may be able to.
        Err(error @ StoreError::Failure(_)) => Some(Err(SendError::Failed(error.to_string()))),
        Err(error) => return Err(error),
    };
    let mut tx = app.store.begin().await?;
    match outcome {
        None => tx.delete_mail(mail.id).await?,
        Some(Ok(())) => {
            delivered.sent += 1;
            tx.delete_mail(mail.id).await?;
        }
        Some(Err(error)) => {
            let next = next_try(&error, mail, app.clock.now());
            *(if next.is_some() {
                &mut delivered.postponed
            } else {
                &mut delivered.parked
            }) += 1;
            tx.postpone_mail(mail.id, &error.to_string(), next).await?;
        }
    }
    tx.commit().await
}

/// The mail as it is sent; `None` when there is nobody to send it to, or its link leads nowhere any more.
async fn letter<S: Store>(app: &App<S>, mail: &Mail) -> StoreResult<Option<Letter>> {
    let (Some(to), Some(user)) = (&mail.address, mail.user) else {
        return Ok(None);
    };
    let conn = app.store.conn();
    let Some(user) = conn.find_user(user).await? else {
        return Ok(None);
    };
    let token = match mail.token {
        None => None,
        Some(id) => {
            let found = conn.find_one_time_token(id).await?;
            let Some(row) = found.filter(|row| row.expires_at > app.clock.now()) else {
                return Ok(None);
            };
            Some(LinkToken::of(&row, app.keyed.as_ref()))
        }
    };
    // Else anybody could have words of their own mailed to any address.
    let is_proven = user.email_verified && mail.kind != MailKind::ChangeEmail;
    let name = user.display_name.filter(|_| is_proven);
    Ok(Some(Letter {
        id: mail.id.as_uuid(),
        kind: mail.kind,
        to: to.clone(),
        name: name.map(|name| name.as_str().to_owned()),
        token,
        note: mail.note.clone(),
        at: mail.created_at,
    }))
}

/// When to try again; `None` when that is of no use. `mail` is as it was before this try.
fn next_try(error: &SendError, mail: &Mail, now: Timestamp) -> Option<Timestamp> {
    let is_old = now - mail.created_at > WORTH_TRYING;
    if is_old || matches!(error, SendError::Refused(_)) {
        return None;
    }
    let wait = FIRST_WAIT * 3_i32.pow(mail.attempts.min(8));
    Some(now + wait.min(LONGEST_WAIT))
}
