//! Adding emails to the outbox.

use chrono::TimeDelta;

use crate::{
    model::{Acquisition, Actor, EmailKind, Id, NormalizedEmail, Permission, QueuedEmail, Quota, Timestamp, User},
    ports::{Purpose, RateLimitRepo, Repositories, StoreResult},
    services::{App, error::Error},
};

/// The limit on emails to one address, or to different addresses at the request of one user.
const EMAILS: Quota = Quota {
    burst: 5,
    period: TimeDelta::hours(1),
};

/// Acquires quota for an email to an address, whether a user has it or not.
pub(crate) async fn acquire_email_quota<S>(
    app: &App<S>,
    tx: &mut impl RateLimitRepo,
    address: &NormalizedEmail,
    at: Timestamp,
) -> Result<(), Error> {
    acquire(app, tx, &[b"mail", address.as_str().as_bytes()], at).await
}

/// Acquires quota for the email with the link of a new account, or a link that an administrator sends.
///
/// The email counts towards the quota of all emails to the address, but is sent even if that quota is used up:
/// otherwise anonymous requests could block the link, without which the account may be unusable. It has separate quotas
/// for sign-ups and for privileged users, so that sign-ups cannot block the latter either.
pub(crate) async fn acquire_account_email_quota<S>(
    app: &App<S>,
    tx: &mut impl RateLimitRepo,
    actor: &Actor,
    address: &NormalizedEmail,
    at: Timestamp,
) -> Result<(), Error> {
    match acquire_email_quota(app, tx, address, at).await {
        Ok(()) | Err(Error::RateLimited(_)) => {}
        Err(error) => return Err(error),
    }
    let privileges = [Permission::USERS_CREATE, Permission::USERS_WRITE];
    let is_privileged = privileges.iter().any(|permission| actor.require(permission).is_ok());
    let kind: &[u8] = if is_privileged {
        b"mail of a created account"
    } else {
        b"mail of a sign-up"
    };
    acquire(app, tx, &[kind, address.as_str().as_bytes()], at).await
}

/// Acquires a user's quota for an email to an address that the user has not verified.
pub(crate) async fn acquire_email_change_quota<S>(
    app: &App<S>,
    tx: &mut impl RateLimitRepo,
    user: Id<User>,
    at: Timestamp,
) -> Result<(), Error> {
    acquire(app, tx, &[b"email change", user.as_uuid().as_bytes()], at).await
}

async fn acquire<S>(app: &App<S>, tx: &mut impl RateLimitRepo, subject: &[&[u8]], at: Timestamp) -> Result<(), Error> {
    if !app.policy.rate_limits {
        return Ok(());
    }
    let key = app.mac_keys.sign(Purpose::RateLimit, subject);
    match tx.acquire_quota(&key, &EMAILS, at).await? {
        Acquisition::Acquired => Ok(()),
        Acquisition::RateLimited(limited) => Err(limited.into()),
    }
}

/// Returns an email to this address that is due immediately.
pub(crate) fn email_to<S>(app: &App<S>, kind: EmailKind, address: Option<&str>, at: Timestamp) -> QueuedEmail {
    QueuedEmail {
        id: app.new_id(at),
        kind,
        user: None,
        address: address.map(str::to_owned),
        token: None,
        note: None,
        created_at: at,
        due_at: Some(at),
        attempts: 0,
        last_error: None,
        priority: kind.priority(),
        failing_since: None,
    }
}

/// Notifies a user of an event, at the email address that `user` contains.
pub(crate) async fn notify<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    kind: EmailKind,
    user: &User,
    note: Option<String>,
    at: Timestamp,
) -> StoreResult<()> {
    let email = QueuedEmail {
        user: Some(user.id),
        note,
        ..email_to(app, kind, Some(user.email.as_str()), at)
    };
    tx.insert_email(&email).await
}
