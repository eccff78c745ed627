//! Events of the audit log.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::model::{AuditAction, ClientInfo, Id, Limit, Role, Session, Timestamp, User};

/// Something that was done, or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its identifier, by which events are in the order of their time.
    pub id: Id<AuditEvent>,
    /// When it was done.
    pub occurred_at: Timestamp,
    /// What was done.
    pub action: EventAction,
    /// Who did it.
    pub actor: EventActor,
    /// To whom or what.
    pub target: Option<EventTarget>,
    /// From where.
    pub client: ClientInfo,
    /// What else there is to know, by name.
    pub details: BTreeMap<String, Detail>,
}

/// The action of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventAction {
    /// One that this version knows.
    Known(AuditAction),
    /// The name of one that a newer version has recorded.
    Other(String),
}

impl EventAction {
    /// Its name, as it is stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(action) => action.as_str(),
            Self::Other(name) => name,
        }
    }

    /// Takes an action as it is stored.
    #[must_use]
    pub fn new_unchecked(name: String) -> Self {
        AuditAction::from_name(&name).map_or(Self::Other(name), Self::Known)
    }
}

impl From<AuditAction> for EventAction {
    fn from(action: AuditAction) -> Self {
        Self::Known(action)
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventActor {
    /// Nobody in particular.
    Anonymous,
    /// A user, who may be deleted by now.
    User(Id<User>),
    /// The operator at the command line.
    Cli,
    /// The server itself.
    System,
    /// A kind of actor that a newer version has recorded.
    Other {
        /// The name of the kind.
        kind: String,
        /// The identifier of the actor, if it has one.
        id: Option<Uuid>,
    },
}

/// To whom or what something was done. It may be deleted by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTarget {
    /// What it is.
    pub kind: TargetKind,
    /// Its identifier.
    pub id: Uuid,
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetKind {
    /// A user.
    User,
    /// A role.
    Role,
    /// A session.
    Session,
    /// A kind of target that a newer version has recorded.
    Other(String),
}

impl TargetKind {
    /// Its name, as it is stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User => "user",
            Self::Role => "role",
            Self::Session => "session",
            Self::Other(name) => name,
        }
    }

    /// Takes a kind as it is stored.
    #[must_use]
    pub fn new_unchecked(name: String) -> Self {
        let mut known = [Self::User, Self::Role, Self::Session].into_iter();
        known.find(|kind| kind.as_str() == name).unwrap_or(Self::Other(name))
    }
}

impl From<Id<User>> for EventTarget {
    fn from(id: Id<User>) -> Self {
        let (kind, id) = (TargetKind::User, id.as_uuid());
        Self { kind, id }
    }
}

impl From<Id<Role>> for EventTarget {
    fn from(id: Id<Role>) -> Self {
        let (kind, id) = (TargetKind::Role, id.as_uuid());
        Self { kind, id }
    }
}

impl From<Id<Session>> for EventTarget {
    fn from(id: Id<Session>) -> Self {
        let (kind, id) = (TargetKind::Session, id.as_uuid());
        Self { kind, id }
    }
}

/// A detail of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A word.
    Text(String),
    /// How many.
    Count(u64),
    /// Names.
    Names(Vec<String>),
    /// A value of another shape that a newer version has recorded, as JSON.
    Json(String),
}

/// Which events; `None` asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By this user.
    pub actor: Option<Id<User>>,
    /// With this action.
    pub action: Option<AuditAction>,
    /// To whatever has this identifier.
    pub target: Option<Uuid>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// Which events to list, and from where on.
#[derive(Debug, Clone, Default)]
pub struct ListEvents {
    /// Which events.
    pub filter: AuditFilter,
    /// The event after which the page starts.
    pub after: Option<Id<AuditEvent>>,
    /// How many.
    pub limit: Limit,
}
