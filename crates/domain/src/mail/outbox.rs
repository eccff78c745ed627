//! Putting mail into the outbox.

use chrono::TimeDelta;

use crate::{
    Actor, App, Id, Permission, Purpose, Repos, StoreResult, Timestamp,
    mail::{Mail, MailKind},
    throttle::{Rule, ThrottleRepo, TooMany},
    user::{EmailKey, User},
};

/// The limit on mails to one address, or to different addresses at the request of one user.
const RULE: Rule = Rule {
    turns: 5,
    period: TimeDelta::hours(1),
};

/// Takes a turn to have a mail sent to an address, whether anybody has it or not.
pub(crate) async fn admit_mail<S>(
    app: &App<S>,
    tx: &mut impl ThrottleRepo,
    address: &EmailKey,
    at: Timestamp,
) -> StoreResult<Result<(), TooMany>> {
    acquire(app, tx, &[b"mail", address.as_str().as_bytes()], at).await
}

/// Acquires quota for the mail that tells an address of its new account.
///
/// Such a mail counts among those that anybody can have sent there, but anonymous requests never use up what it
/// needs, because without its link the account may be worth nothing. Those who may create users have a quota
/// that people who sign up cannot use up either.
pub(crate) async fn admit_account_mail<S>(
    app: &App<S>,
    tx: &mut impl ThrottleRepo,
    actor: &Actor,
    address: &EmailKey,
    at: Timestamp,
) -> StoreResult<Result<(), TooMany>> {
    // Whether there is quota left is of no interest here.
    let _ = admit_mail(app, tx, address, at).await?;
    let creates_for_others = actor.require(&Permission::USERS_CREATE).is_ok();
    let kind: &[u8] = if creates_for_others {
        b"mail of a created account"
    } else {
        b"mail of a sign-up"
    };
    acquire(app, tx, &[kind, address.as_str().as_bytes()], at).await
}

/// Acquires quota of a user to have a mail sent to an address that is not known to be theirs.
pub(crate) async fn admit_email_change<S>(
    app: &App<S>,
    tx: &mut impl ThrottleRepo,
    user: Id<User>,
    at: Timestamp,
) -> StoreResult<Result<(), TooMany>> {
    acquire(app, tx, &[b"email change", user.as_uuid().as_bytes()], at).await
}

async fn acquire<S>(
    app: &App<S>,
    tx: &mut impl ThrottleRepo,
    of: &[&[u8]],
    at: Timestamp,
) -> StoreResult<Result<(), TooMany>> {
    if !app.policy.rate_limits {
        return Ok(Ok(()));
    }
    tx.take_turn(&app.keyed.mac(Purpose::Turns, of), &RULE, at).await
}

/// A mail to this address, due at once.
pub(crate) fn mail_to<S>(app: &App<S>, kind: MailKind, address: Option<&str>, at: Timestamp) -> Mail {
    Mail {
        id: app.mint(at),
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
pub(crate) async fn notice<S>(
    app: &App<S>,
    tx: &mut impl Repos,
    kind: MailKind,
    user: &User,
    note: Option<String>,
    at: Timestamp,
) -> StoreResult<()> {
    let mail = Mail {
        user: Some(user.id),
        note,
        ..mail_to(app, kind, Some(user.email.as_str()), at)
    };
    tx.insert_mail(&mail).await
}
