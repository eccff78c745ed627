//! Putting mail into the outbox.

use chrono::TimeDelta;

use crate::{
    App, Purpose, Repos, StoreResult, Timestamp,
    mail::{Mail, MailKind},
    throttle::{Rule, ThrottleRepo, TooMany},
    user::{EmailKey, User},
};

/// How many mails anybody can have sent to one address.
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
    if !app.policy.rate_limits {
        return Ok(Ok(()));
    }
    let key = app.keyed.mac(Purpose::Turns, &[b"mail", address.as_str().as_bytes()]);
    tx.take_turn(&key, &RULE, at).await
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
