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

/// The number of due emails of one priority that are read at a time. More than one, because other instances may claim
/// some of them first.
const BATCH: u32 = 20;

/// The duration of a claim. If an instance takes longer or terminates, other instances may claim the email, which may
/// then arrive twice. The duration is longer than any attempt of a [`Mailer`].
const CLAIM_DURATION: TimeDelta = TimeDelta::minutes(2);

/// The delay after the first failure. Each further delay is three times as long, up to [`MAX_DELAY`].
const FIRST_DELAY: TimeDelta = TimeDelta::seconds(5);

const MAX_DELAY: TimeDelta = TimeDelta::hours(1);

/// The delay after a failure of the mail server. It only allows other emails to be sent first; [`Relay`] decides when
/// to contact the server again.
const RELAY_DELAY: TimeDelta = TimeDelta::seconds(1);

/// The time since the first failure after which an email becomes a dead letter.
const MAX_FAILURE_AGE: TimeDelta = TimeDelta::days(3);

/// The outcomes of a delivery run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeliveryReport {
    /// Emails that the mail server accepted.
    pub sent: u64,
    /// Emails to be attempted again.
    pub postponed: u64,
    /// Emails that became dead letters, which are not attempted again until the operator retries them.
    pub dead_letters: u64,
    /// Emails that were released because the mail server is unavailable.
    pub returned: u64,
    /// Emails that were deleted because their link had expired.
    pub expired: u64,
}

impl DeliveryReport {
    /// Counts an outcome.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Sent => self.sent += 1,
            Outcome::Postponed => self.postponed += 1,
            Outcome::DeadLetter => self.dead_letters += 1,
            Outcome::Returned => self.returned += 1,
            Outcome::Expired => self.expired += 1,
            Outcome::Dropped => {}
        }
    }
}

/// The outcome of a delivery attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server accepted it.
    Sent,
    /// The email will be attempted again.
    Postponed,
    /// The email became a dead letter, which is not attempted again until the operator retries it.
    DeadLetter,
    /// The email was released because the mail server is unavailable.
    Returned,
    /// The link in the email had expired.
    Expired,
    /// The email had no recipient, or a later email replaced it.
    Dropped,
}

/// The result of a delivery attempt, which is not written to the outbox yet.
#[derive(Debug)]
pub struct Attempt {
    email: QueuedEmail,
    outcome: Outcome,
    error: Option<String>,
    /// The change of the state of the mail server that the attempt revealed.
    pub event: Option<RelayEvent>,
}

impl Attempt {
    /// Returns the outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// The emails that may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Only urgent emails.
    Urgent,
    /// All emails, urgent ones first.
    Any,
}

/// Sends the due emails one after the other, urgent ones first, until none is left or the mail server is unavailable.
/// Any number of instances may do so concurrently.
///
/// An email is claimed before it is sent and deleted afterwards. No committed email is lost, and an email arrives twice
/// only if the instance terminates in between.
///
/// # Errors
/// The store failed. Emails whose results were not written are attempted again.
pub async fn deliver<S: Store>(app: &App<S>, mailer: &dyn Mailer) -> StoreResult<DeliveryReport> {
    let relay = Mutex::new(Relay::default());
    let mut report = DeliveryReport::default();
    while lock(&relay).admission(Instant::now()) == Admission::Open {
        let Some(email) = claim_next(app, &relay, Lane::Any).await? else {
            break;
        };
        let attempt = attempt(app, mailer, &relay, email).await?;
        settle(app, &attempt).await?;
        report.add(attempt.outcome());
    }
    Ok(report)
}

/// Claims the most urgent due email for this instance. Returns `None` if none is due.
///
/// While the mail server is unavailable, emails that may be the cause are claimed last.
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
            let mut lost_claim = false;
            for email in due {
                if is_paused && lock(relay).is_suspect(email.id) {
                    suspects.push(email);
                } else if claim(app, relay, &email).await? {
                    return Ok(Some(email));
                } else {
                    lost_claim = true;
                }
            }
            // Read more emails only if other instances claimed some of these.
            if is_last || !lost_claim {
                break;
            }
        }
    }
    for email in suspects {
        if claim(app, relay, &email).await? {
            return Ok(Some(email));
        }
    }
    Ok(None)
}

async fn claim<S: Store>(app: &App<S>, relay: &Mutex<Relay>, email: &QueuedEmail) -> StoreResult<bool> {
    let mut tx = app.store.begin().await?;
    let is_claimed = tx.claim_email(email, app.clock.now() + CLAIM_DURATION).await?;
    tx.commit().await?;
    if is_claimed {
        lock(relay).start(email.id, Instant::now());
    }
    Ok(is_claimed)
}

/// Attempts to send a claimed email. The result must be written with [`settle`].
///
/// # Errors
/// The store failed before the email was sent. It is attempted again once its claim has expired.
pub async fn attempt<S: Store>(
    app: &App<S>,
    mailer: &dyn Mailer,
    relay: &Mutex<Relay>,
    email: QueuedEmail,
) -> StoreResult<Attempt> {
    let started = Instant::now();
    let prepared = match prepare(app, &email).await {
        Ok(prepared) => prepared,
        // This version cannot read the user or the link, but a newer one may. Other emails are not affected.
        Err(error @ StoreError::Failure(_)) => {
            lock(relay).skip(email.id);
            return Ok(Attempt {
                email,
                outcome: Outcome::Postponed,
                error: Some(error.to_string()),
                event: None,
            });
        }
        Err(error) => {
            lock(relay).skip(email.id);
            return Err(error);
        }
    };
    let message = match prepared {
        Prepared::Message(message) => message,
        Prepared::NotSent(outcome) => {
            lock(relay).skip(email.id);
            return Ok(Attempt {
                email,
                outcome,
                error: None,
                event: None,
            });
        }
    };
    let (outcome, error, event) = match mailer.send(&message).await {
        Ok(()) => (Outcome::Sent, None, lock(relay).accept(email.id, Instant::now())),
        Err(error) => {
            let (fault, event) = lock(relay).fail(email.id, &error, started, Instant::now());
            let now = app.clock.now();
            let is_old = now - email.failing_since.unwrap_or(now) > MAX_FAILURE_AGE;
            let outcome = match fault {
                Fault::Relay => Outcome::Returned,
                Fault::Temporary if !is_old => Outcome::Postponed,
                Fault::Temporary | Fault::Permanent => Outcome::DeadLetter,
            };
            let error = match error {
                SendError::Unclear { reason, .. } if fault == Fault::Permanent => SendError::Rejected(reason),
                error => error,
            };
            (outcome, Some(error.to_string()), event)
        }
    };
    Ok(Attempt {
        email,
        outcome,
        error,
        event,
    })
}

/// Writes the result of an attempt to the outbox. If it fails, it may be called again.
///
/// # Errors
/// The store failed. Unless it is called again, the email is attempted again once its claim has expired.
pub async fn settle<S: Store>(app: &App<S>, attempt: &Attempt) -> StoreResult<()> {
    let Attempt { email, outcome, .. } = attempt;
    let error = attempt.error.as_deref().unwrap_or_default();
    let now = app.clock.now();
    let since = email.failing_since.unwrap_or(now);
    let mut tx = app.store.begin().await?;
    match outcome {
        Outcome::Sent | Outcome::Dropped | Outcome::Expired => tx.delete_email(email.id).await?,
        Outcome::Postponed => {
            let next = now + delay(email.attempts);
            tx.postpone_email(email.id, error, Some(next), since).await?;
        }
        Outcome::DeadLetter => tx.postpone_email(email.id, error, None, since).await?,
        Outcome::Returned => tx.return_email(email.id, error, now + RELAY_DELAY).await?,
    }
    tx.commit().await
}

/// The result of preparing an email.
enum Prepared {
    /// The message to send.
    Message(EmailMessage),
    /// The outcome of an email that must not be sent.
    NotSent(Outcome),
}

/// Creates the message of an email.
async fn prepare<S: Store>(app: &App<S>, email: &QueuedEmail) -> StoreResult<Prepared> {
    let (Some(to), Some(user)) = (&email.address, email.user) else {
        return Ok(Prepared::NotSent(Outcome::Dropped));
    };
    let db = app.store.db();
    let Some(user) = db.find_user(user).await? else {
        return Ok(Prepared::NotSent(Outcome::Dropped));
    };
    let now = app.clock.now();
    let token = match email.token {
        None => None,
        Some(id) => match db.find_one_time_token(id).await? {
            None => return Ok(Prepared::NotSent(Outcome::Dropped)),
            Some(row) if row.expires_at <= now => return Ok(Prepared::NotSent(Outcome::Expired)),
            Some(row) => Some(LinkToken::derive(&row, app.mac_keys.as_ref())),
        },
    };
    // Otherwise anyone could send a text of their choice to any address, as their display name.
    let is_verified = user.email_verified && email.kind != EmailKind::ChangeEmail;
    let name = user.display_name.filter(|_| is_verified);
    Ok(Prepared::Message(EmailMessage {
        id: email.id.as_uuid(),
        kind: email.kind,
        to: to.clone(),
        name: name.map(|name| name.as_str().to_owned()),
        token,
        note: email.note.clone(),
        at: email.created_at,
        sent_at: now,
    }))
}

/// Returns the delay after a failure that was caused by the email. `attempts` is the number of previous attempts.
fn delay(attempts: u32) -> TimeDelta {
    (FIRST_DELAY * 3_i32.pow(attempts.min(8))).min(MAX_DELAY)
}

fn lock(relay: &Mutex<Relay>) -> MutexGuard<'_, Relay> {
    relay.lock().unwrap_or_else(PoisonError::into_inner)
}
