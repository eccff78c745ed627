//! Recording audit events and failed password attempts.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::{
    model::{Actor, AuditAction, AuditEvent, Detail, EventActor, EventTarget, Id, Role, Timestamp, User},
    ports::{AuditRepo, Commit, FailedSignIns, Purpose, Store, StoreResult},
    services::App,
};

/// So many refusals of one account from one network within this time become events of their own.
const WITHIN: TimeDelta = TimeDelta::minutes(10);

const MOST: u32 = 10;

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureReason {
    WrongPassword,
    UnknownAddress,
    AccountDisabled,
    EmailNotVerified,
}

impl FailureReason {
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
pub(crate) async fn record_failed_attempt<S: Store>(
    app: &App<S>,
    actor: &Actor,
    action: AuditAction,
    account: Result<&User, &str>,
    reason: FailureReason,
) -> StoreResult<()> {
    let now = app.clock.now();
    let address = account.map_or_else(|address| address, |user| user.email.normalized().as_str());
    let event = AuditEvent::new(app, now, actor, action).detail("reason", reason.as_str());
    let event = match account {
        Ok(user) => event.target(user.id),
        Err(_) => event.detail("address_digest", digest(app, address)),
    };
    let network = actor.client().network().unwrap_or_default();
    let parts = [action.as_str().as_bytes(), address.as_bytes(), network.as_bytes()];
    let refusals = FailedSignIns {
        key: app.mac_keys.sign(Purpose::FailedSignIns, &parts),
        since: now - WITHIN,
        most: MOST,
    };
    let mut tx = app.store.begin().await?;
    tx.insert_failed_attempt(&event, &refusals).await?;
    tx.commit().await
}

/// The first half of the digest, in hexadecimal digits.
fn digest<S>(app: &App<S>, address: &str) -> String {
    let mut half = [0; 16];
    half.copy_from_slice(&app.mac_keys.sign(Purpose::UnknownAddress, &[address.as_bytes()])[..16]);
    format!("{:032x}", u128::from_be_bytes(half))
}

impl AuditEvent {
    /// What the actor does at this time.
    pub(crate) fn new<S>(app: &App<S>, at: Timestamp, actor: &Actor, action: AuditAction) -> Self {
        Self {
            id: app.new_id(at),
            occurred_at: at,
            action: action.into(),
            actor: actor.shown(),
            target: None,
            client: actor.client().clone(),
            details: BTreeMap::new(),
        }
    }

    /// The same, done to something.
    pub(crate) fn target(self, target: impl Into<EventTarget>) -> Self {
        let target = Some(target.into());
        Self { target, ..self }
    }

    /// The same, done by a user who is not signed in yet.
    pub(crate) fn actor(self, user: Id<User>) -> Self {
        let actor = EventActor::User(user);
        Self { actor, ..self }
    }

    /// The same, with a word more.
    pub(crate) fn detail(mut self, name: &str, text: impl Into<String>) -> Self {
        self.details.insert(name.to_owned(), Detail::Text(text.into()));
        self
    }

    /// The same, with a number more.
    pub(crate) fn detail_count(mut self, name: &str, count: u64) -> Self {
        self.details.insert(name.to_owned(), Detail::Count(count));
        self
    }

    /// The same, with names more; without any, nothing is added.
    pub(crate) fn detail_names<T: ToString>(mut self, name: &str, names: impl IntoIterator<Item = T>) -> Self {
        let names: Vec<_> = names.into_iter().map(|name| name.to_string()).collect();
        if !names.is_empty() {
            self.details.insert(name.to_owned(), Detail::Names(names));
        }
        self
    }

    /// Adds the name and the permissions of a role.
    pub(crate) fn role_details(self, role: &Role) -> Self {
        self.detail("name", role.name.as_str())
            .detail_names("permissions", role.permissions.names())
    }
}
