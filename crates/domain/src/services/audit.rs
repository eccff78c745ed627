//! Recording audit events and failed password attempts.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::{
    model::{Actor, AuditAction, AuditEvent, Detail, EventActor, EventTarget, Id, Role, Timestamp, User},
    ports::{AuditRepo, Commit, FailedSignIns, Purpose, Store, StoreResult},
    services::{App, rejection::Rejection},
};

/// The period of the limit on separate events for failed attempts at one account from one network.
const FAILED_ATTEMPT_PERIOD: TimeDelta = TimeDelta::minutes(10);

/// The maximum number of separate events in that period.
const MAX_FAILED_ATTEMPT_EVENTS: u32 = 10;

/// The reason why an attempt to sign in or to prove a factor failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureReason {
    WrongPassword,
    UnknownAddress,
    AccountDisabled,
    EmailNotVerified,
    Rejected(Rejection),
}

impl FailureReason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::UnknownAddress => "unknown_address",
            Self::AccountDisabled => "account_disabled",
            Self::EmailNotVerified => "email_not_verified",
            Self::Rejected(rejection) => rejection.as_str(),
        }
    }
}

/// The account that an attempt was for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AttemptedAccount<'a> {
    /// An existing user.
    Known(&'a User),
    /// A normalized email address that no user has.
    Unknown(&'a str),
}

/// Records a failed attempt. The cost is the same for known and unknown accounts. The email address is stored
/// only if no user has it, and only as a digest.
pub(crate) async fn record_failed_attempt<S: Store>(
    app: &App<S>,
    actor: &Actor,
    action: AuditAction,
    account: AttemptedAccount<'_>,
    reason: FailureReason,
) -> StoreResult<()> {
    let now = app.clock.now();
    let event = AuditEvent::new(app, now, actor, action).detail("reason", reason.as_str());
    let (email, event) = match account {
        AttemptedAccount::Known(user) => (user.email.normalized().as_str(), event.target(user.id)),
        AttemptedAccount::Unknown(email) => (email, event.detail("address_digest", digest(app, email))),
    };
    let network = actor.client().network().unwrap_or_default();
    let parts = [action.name().as_bytes(), email.as_bytes(), network.as_bytes()];
    let limit = FailedSignIns {
        key: app.mac_keys.sign(Purpose::FailedSignIns, &parts),
        since: now - FAILED_ATTEMPT_PERIOD,
        max_events: MAX_FAILED_ATTEMPT_EVENTS,
    };
    let mut tx = app.store.begin().await?;
    tx.insert_failed_attempt(&event, &limit).await?;
    tx.commit().await
}

/// Returns the first half of the MAC of an unknown email address, in hexadecimal digits.
fn digest<S>(app: &App<S>, email: &str) -> String {
    let mut half = [0; 16];
    half.copy_from_slice(&app.mac_keys.sign(Purpose::UnknownAddress, &[email.as_bytes()])[..16]);
    format!("{:032x}", u128::from_be_bytes(half))
}

impl AuditEvent {
    /// Creates an event for an action of the actor at this time.
    pub(crate) fn new<S>(app: &App<S>, at: Timestamp, actor: &Actor, action: AuditAction) -> Self {
        Self {
            id: app.new_id(at),
            occurred_at: at,
            action: action.name().into(),
            actor: actor.to_event_actor(),
            target: None,
            client: actor.client().clone(),
            details: BTreeMap::new(),
        }
    }

    /// Sets the affected resource.
    pub(crate) fn target(self, target: impl Into<EventTarget>) -> Self {
        let target = Some(target.into());
        Self { target, ..self }
    }

    /// Replaces the actor with a user, who is not signed in yet.
    pub(crate) fn actor(self, user: Id<User>) -> Self {
        let actor = EventActor::User(user);
        Self { actor, ..self }
    }

    /// Adds a text to the details.
    pub(crate) fn detail(mut self, name: &str, text: impl Into<String>) -> Self {
        self.details.insert(name.to_owned(), Detail::Text(text.into()));
        self
    }

    /// Adds a number to the details.
    pub(crate) fn detail_count(mut self, name: &str, count: u64) -> Self {
        self.details.insert(name.to_owned(), Detail::Count(count));
        self
    }

    /// Adds a list of names to the details, unless it is empty.
    pub(crate) fn detail_names<T: ToString>(mut self, name: &str, names: impl IntoIterator<Item = T>) -> Self {
        let names: Vec<_> = names.into_iter().map(|name| name.to_string()).collect();
        if !names.is_empty() {
            self.details.insert(name.to_owned(), Detail::Names(names));
        }
        self
    }

    /// Adds the name and the permissions of a role to the details, and whether it requires a second factor.
    pub(crate) fn role_details(self, role: &Role) -> Self {
        let event = self
            .detail("name", role.name.as_str())
            .detail_names("permissions", role.permissions.names());
        if role.requires_second_factor {
            event.detail("requires_second_factor", "true")
        } else {
            event
        }
    }
}
