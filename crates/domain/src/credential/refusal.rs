//! Passwords that were wrong, in the audit trail.

use chrono::TimeDelta;

use crate::{
    Actor, App, Commit, Purpose, Store, StoreResult,
    audit::{Action, AuditEvent, AuditRepo, Refusals},
    user::User,
};

/// So many refusals of one account from one network within this time become events of their own.
const WITHIN: TimeDelta = TimeDelta::minutes(10);
const MOST: u32 = 10;

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    WrongPassword,
    UnknownAddress,
    AccountDisabled,
    EmailNotVerified,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::UnknownAddress => "unknown_address",
            Self::AccountDisabled => "account_disabled",
            Self::EmailNotVerified => "email_not_verified",
        }
    }
}

/// Notes that a password was refused, of an account or of an address in the form in which addresses are
/// compared. It costs the same whether the account is there or not; what was
/// typed as an address is kept only as a digest, and only when nobody has it.
pub(crate) async fn note_refusal<S: Store>(
    app: &App<S>,
    actor: &Actor,
    action: Action,
    account: Result<&User, &str>,
    reason: Reason,
) -> StoreResult<()> {
    let now = app.clock.now();
    let address = account.map_or_else(|address| address, |user| user.email.key().as_str());
    let event = AuditEvent::new(app, now, actor, action).saying("reason", reason.as_str());
    let event = match account {
        Ok(user) => event.to(user.id),
        Err(_) => event.saying("address_digest", digest(app, address)),
    };
    let network = actor.origin().network().unwrap_or_default();
    let parts = [action.as_str().as_bytes(), address.as_bytes(), network.as_bytes()];
    let refusals = Refusals {
        key: app.keyed.mac(Purpose::Refusals, &parts),
        since: now - WITHIN,
        most: MOST,
    };
    let mut tx = app.store.begin().await?;
    tx.insert_refusal(&event, &refusals).await?;
    tx.commit().await
}

/// The first half of the digest, in hexadecimal digits.
fn digest<S>(app: &App<S>, address: &str) -> String {
    let mut half = [0; 16];
    half.copy_from_slice(&app.keyed.mac(Purpose::UnknownAddress, &[address.as_bytes()])[..16]);
    format!("{:032x}", u128::from_be_bytes(half))
}
