//! Adding emails to the outbox.

use chrono::TimeDelta;

use crate::{
    model::{Actor, EmailKind, Id, NormalizedEmail, Permission, QueuedEmail, Quota, RateLimited, Timestamp, User},
    ports::{Purpose, RateLimitRepo, Repositories, StoreResult},
    services::App,
};

/// The limit on mails to one address, or to different addresses at the request of one user.
const RULE: Quota = Quota {
    burst: 5,
    period: TimeDelta::hours(1),
};

/// Takes a turn to have a mail sent to an address, whether anybody has it or not.
pub(crate) async fn acquire_email_quota<S>(
    app: &App<S>,
    tx: &mut impl RateLimitRepo,
    address: &NormalizedEmail,
    at: Timestamp,
) -> StoreResult<Result<(), RateLimited>> {
    acquire(app, tx, &[b"mail", address.as_str().as_bytes()], at).await
}

/// Acquires quota for the mail that tells an address of its new account.
///
/// Such a mail counts among those that anybody can have sent there, but anonymous requests never use up what it
/// needs, because without its link the account may be worth nothing. Those who may create users have a quota
/// that people who sign up cannot use up either.
pub(crate) async fn acquire_account_email_quota<S>(
    app: &App<S>,
    tx: &mut impl RateLimitRepo,
    actor: &Actor,
    address: &NormalizedEmail,
    at: Timestamp,
) -> StoreResult<Result<(), RateLimited>> {
    // Whether there is quota left is of no interest here.
    let _ = acquire_email_quota(app, tx, address, at).await?;
    let creates_for_others = actor.require(&Permission::USERS_CREATE).is_ok();
    let kind: &[u8] = if creates_for_others {
        b"mail of a created account"
    } else {
        b"mail of a sign-up"
    };
    acquire(app, tx, &[kind, address.as_str().as_bytes()], at).await
}

/// Acquires quota of a user to have a mail sent to an address that is not known to be theirs.
pub(crate) async fn acquire_email_change_quota<S>(
    app: &App<S>,
    tx: &mut impl RateLimitRepo,
    user: Id<User>,
    at: Timestamp,
) -> StoreResult<Result<(), RateLimited>> {
    acquire(app, tx, &[b"email change", user.as_uuid().as_bytes()], at).await
}

async fn acquire<S>(
    app: &App<S>,
    tx: &mut impl RateLimitRepo,
    of: &[&[u8]],
    at: Timestamp,
) -> StoreResult<Result<(), RateLimited>> {
    if !app.policy.rate_limits {
        return Ok(Ok(()));
    }
    tx.acquire_quota(&app.mac_keys.sign(Purpose::RateLimit, of), &RULE, at)
        .await
}

/// A mail to this address, due at once.
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

/// Tells a user, at the address of this value, that something happened to the account.
pub(crate) async fn notify<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    kind: EmailKind,
    user: &User,
    note: Option<String>,
    at: Timestamp,
) -> StoreResult<()> {
    let mail = QueuedEmail {
        user: Some(user.id),
        note,
        ..email_to(app, kind, Some(user.email.as_str()), at)
    };
    tx.insert_email(&mail).await
}
