//! Sending the emails in the outbox.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use chrono::TimeDelta;

use crate::{
    features::outbox::relay::{Admission, Fault, Relay, RelayEvent},
    model::{EmailKind, LinkToken, Priority, QueuedEmail},
    ports::{
        Commit, EmailMessage, Mailer, OneTimeTokenRepo, OutboxRepo, SendError, Store, StoreError, StoreResult, UserRepo,
    },
    services::App,
};

/// How many due mails of one priority one look into the outbox takes. More than one, because other instances
/// may be faster.
const BATCH: u32 = 20;

/// How long a mail is left to the instance that took it. Whoever takes longer, or dies, leaves it to the
/// others: then it may arrive twice. Longer than any [`Mailer`] tries.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// The wait after the first failure. Each further one is three times as long, up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(5);

const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// The wait of a mail that could not be sent because of the mail server. It only lets other mails go first;
/// [`Relay`] decides when the server is tried again.
const RELAY_WAIT: TimeDelta = TimeDelta::seconds(1);

/// After failing for this time nobody wants to read it any more.
const WORTH_TRYING: TimeDelta = TimeDelta::days(3);

/// What became of the mails that were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeliveryReport {
    /// Sent.
    pub sent: u64,
    /// To be tried again.
    pub postponed: u64,
    /// Not tried again until the operator says so.
    pub parked: u64,
    /// Given back, because the mail server is unavailable.
    pub returned: u64,
    /// Deleted, because the link in it had expired before it could be sent.
    pub expired: u64,
}

impl DeliveryReport {
    /// Counts one more outcome.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Sent => self.sent += 1,
            Outcome::Postponed => self.postponed += 1,
            Outcome::Parked => self.parked += 1,
            Outcome::Returned => self.returned += 1,
            Outcome::Expired => self.expired += 1,
            Outcome::Dropped => {}
        }
    }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server accepted it.
    Sent,
    /// It will be tried again.
    Postponed,
    /// It will not be tried again until the operator says so.
    Parked,
    /// It was given back, because the mail server is unavailable.
    Returned,
    /// The link in it had expired.
    Expired,
    /// There was nobody to send it to, or a later mail replaced it.
    Dropped,
}

/// The result of trying to send a mail, not written to the outbox yet.
#[derive(Debug)]
pub struct Attempt {
    mail: QueuedEmail,
    outcome: Outcome,
    error: Option<String>,
    /// The change of the state of the mail server that it showed.
    pub event: Option<RelayEvent>,
}

impl Attempt {
    /// What became of the mail.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// Which mails may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Only urgent ones.
    Urgent,
    /// All, the urgent ones first.
    Any,
}

/// Sends the mails that are due, one after the other, the urgent ones first, until none is left or the mail
/// server is unavailable. Any number of instances may do so at once.
///
/// A mail is taken before it is sent and removed after that, so one that was committed is never lost; it
/// arrives twice only when the instance ends in between.
///
/// # Errors
/// The store failed. What was not settled is tried again.
pub async fn deliver<S: Store>(app: &App<S>, mailer: &dyn Mailer) -> StoreResult<DeliveryReport> {
    let relay = Mutex::new(Relay::default());
    let mut delivered = DeliveryReport::default();
    while lock(&relay).admission(Instant::now()) == Admission::Open {
        let Some(mail) = claim_next(app, &relay, Lane::Any).await? else {
            break;
        };
        let attempt = attempt(app, mailer, &relay, mail).await?;
        settle(app, &attempt).await?;
        delivered.add(attempt.outcome());
    }
    Ok(delivered)
}

/// Claims the most urgent mail that is due, for this instance. Returns `None` if none is due.
///
/// While the mail server is unavailable, mails that may be the cause come last.
///
/// # Errors
/// The store failed.
pub async fn claim_next<S: Store>(app: &App<S>, relay: &Mutex<Relay>, lane: Lane) -> StoreResult<Option<QueuedEmail>> {
    let is_paused = lock(relay).is_paused();
    let mut suspects = Vec::new();
    for priority in Priority::ALL {
        if lane == Lane::Urgent && priority != Priority::Urgent {
            break;
        }
        loop {
            let due = app.store.db().list_due_emails(priority, app.clock.now(), BATCH).await?;
            let is_last = due.len() < BATCH as usize;
            let mut has_lost = false;
            for mail in due {
                if is_paused && lock(relay).is_suspect(mail.id) {
                    suspects.push(mail);
                } else if claim(app, relay, &mail).await? {
                    return Ok(Some(mail));
                } else {
                    has_lost = true;
                }
            }
            // Other instances were faster with all of them.
            if is_last || !has_lost {
                break;
            }
        }
    }
    for mail in suspects {
        if claim(app, relay, &mail).await? {
            return Ok(Some(mail));
        }
    }
    Ok(None)
}

async fn claim<S: Store>(app: &App<S>, relay: &Mutex<Relay>, mail: &QueuedEmail) -> StoreResult<bool> {
    let mut tx = app.store.begin().await?;
    let is_ours = tx.claim_email(mail, app.clock.now() + CLAIM).await?;
    tx.commit().await?;
    if is_ours {
        lock(relay).start(mail.id, Instant::now());
    }
    Ok(is_ours)
}

/// Tries to send a claimed mail. The result must be written with [`settle`].
///
/// # Errors
/// The store failed before the mail was sent; it is tried again once its claim is over.
pub async fn attempt<S: Store>(
    app: &App<S>,
    mailer: &dyn Mailer,
    relay: &Mutex<Relay>,
    mail: QueuedEmail,
) -> StoreResult<Attempt> {
    let started = Instant::now();
    let prepared = match letter(app, &mail).await {
        Ok(prepared) => prepared,
        // Its user or its link cannot be read, which does not concern other mails. A newer version may be able to.
        Err(error @ StoreError::Failure(_)) => {
            lock(relay).skip(mail.id);
            return Ok(Attempt {
                mail,
                outcome: Outcome::Postponed,
                error: Some(error.to_string()),
                event: None,
            });
        }
        Err(error) => {
            lock(relay).skip(mail.id);
            return Err(error);
        }
    };
    let letter = match prepared {
        Ok(letter) => letter,
        Err(outcome) => {
            lock(relay).skip(mail.id);
            return Ok(Attempt {
                mail,
                outcome,
                error: None,
                event: None,
            });
        }
    };
    let sent = mailer.send(&letter).await;
    let (outcome, error, event) = match sent {
        Ok(()) => (Outcome::Sent, None, lock(relay).accept(mail.id, Instant::now())),
        Err(error) => {
            let (fault, event) = lock(relay).fail(mail.id, &error, started, Instant::now());
            let now = app.clock.now();
            let is_old = now - mail.failing_since.unwrap_or(now) > WORTH_TRYING;
            let outcome = match fault {
                Fault::Relay => Outcome::Returned,
                Fault::MailForNow if !is_old => Outcome::Postponed,
                Fault::MailForNow | Fault::MailForGood => Outcome::Parked,
            };
            let error = match error {
                SendError::Unclear { reason, .. } if fault == Fault::MailForGood => SendError::Refused(reason),
                error => error,
            };
            (outcome, Some(error.to_string()), event)
        }
    };
    Ok(Attempt {
        mail,
        outcome,
        error,
        event,
    })
}

/// Writes the result of an attempt to the outbox. It may be called again if it fails.
///
/// # Errors
/// The store failed. Unless it is called again, the mail is tried again once its claim is over.
pub async fn settle<S: Store>(app: &App<S>, attempt: &Attempt) -> StoreResult<()> {
    let Attempt { mail, outcome, .. } = attempt;
    let error = attempt.error.as_deref().unwrap_or_default();
    let now = app.clock.now();
    let since = mail.failing_since.unwrap_or(now);
    let mut tx = app.store.begin().await?;
    match outcome {
        Outcome::Sent | Outcome::Dropped | Outcome::Expired => tx.delete_email(mail.id).await?,
        Outcome::Postponed => {
            let next = now + wait(mail.attempts);
            tx.postpone_email(mail.id, error, Some(next), since).await?;
        }
        Outcome::Parked => tx.postpone_email(mail.id, error, None, since).await?,
        Outcome::Returned => tx.return_email(mail.id, error, now + RELAY_WAIT).await?,
    }
    tx.commit().await
}

/// The mail as it is sent, or why there is nothing to send.
async fn letter<S: Store>(app: &App<S>, mail: &QueuedEmail) -> StoreResult<Result<EmailMessage, Outcome>> {
    let (Some(to), Some(user)) = (&mail.address, mail.user) else {
        return Ok(Err(Outcome::Dropped));
    };
    let conn = app.store.db();
    let Some(user) = conn.find_user(user).await? else {
        return Ok(Err(Outcome::Dropped));
    };
    let now = app.clock.now();
    let token = match mail.token {
        None => None,
        Some(id) => match conn.find_one_time_token(id).await? {
            None => return Ok(Err(Outcome::Dropped)),
            Some(row) if row.expires_at <= now => return Ok(Err(Outcome::Expired)),
            Some(row) => Some(LinkToken::of(&row, app.mac_keys.as_ref())),
        },
    };
    // Else anybody could have words of their own mailed to any address.
    let is_proven = user.email_verified && mail.kind != EmailKind::ChangeEmail;
    let name = user.display_name.filter(|_| is_proven);
    Ok(Ok(EmailMessage {
        id: mail.id.as_uuid(),
        kind: mail.kind,
        to: to.clone(),
        name: name.map(|name| name.as_str().to_owned()),
        token,
        note: mail.note.clone(),
        at: mail.created_at,
        sent_at: now,
    }))
}

/// How long to wait after a failure that was about the mail; `attempts` is the number of those before it.
fn wait(attempts: u32) -> TimeDelta {
    (FIRST_WAIT * 3_i32.pow(attempts.min(8))).min(LONGEST_WAIT)
}

fn lock(relay: &Mutex<Relay>) -> MutexGuard<'_, Relay> {
    relay.lock().unwrap_or_else(PoisonError::into_inner)
}
