//! Events of the audit log.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::model::{AuditAction, ClientInfo, Id, Limit, Role, Session, Timestamp, User};

/// An action that was performed, or was attempted and rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its identifier. Identifiers sort by time.
    pub id: Id<AuditEvent>,
    /// The time of the action.
    pub occurred_at: Timestamp,
    /// The action.
    pub action: EventAction,
    /// The party that performed the action.
    pub actor: EventActor,
    /// The resource that the action affected.
    pub target: Option<EventTarget>,
    /// The client.
    pub client: ClientInfo,
    /// Further details, by name.
    pub details: BTreeMap<String, Detail>,
}

/// The action of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventAction {
    /// An action that this version knows.
    Known(AuditAction),
    /// The name of an action that a newer version recorded.
    Other(String),
}

impl EventAction {
    /// Returns its name, as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(action) => action.as_str(),
            Self::Other(name) => name,
        }
    }

    /// Converts a stored name.
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

/// The party that performed an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventActor {
    /// A client that was not signed in.
    Anonymous,
    /// A user, who may have been deleted since.
    User(Id<User>),
    /// The operator at the command line.
    Cli,
    /// The server itself.
    System,
    /// A kind of actor that a newer version recorded.
    Other {
        /// The name of the kind.
        kind: String,
        /// The identifier of the actor, if it has one.
        id: Option<Uuid>,
    },
}

/// The resource that an action affected. It may have been deleted since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTarget {
    /// The kind of resource.
    pub kind: TargetKind,
    /// Its identifier.
    pub id: Uuid,
}

/// The kind of resource that an action affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetKind {
    /// A user.
    User,
    /// A role.
    Role,
    /// A session.
    Session,
    /// A kind of target that a newer version recorded.
    Other(String),
}

impl TargetKind {
    /// Returns its name, as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User => "user",
            Self::Role => "role",
            Self::Session => "session",
            Self::Other(name) => name,
        }
    }

    /// Converts a stored name.
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
    /// A text.
    Text(String),
    /// A number.
    Count(u64),
    /// A list of names.
    Names(Vec<String>),
    /// A value of a different type that a newer version recorded, as JSON.
    Json(String),
}

/// Criteria that events must meet; `None` matches every event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Performed by this user.
    pub actor: Option<Id<User>>,
    /// With this action.
    pub action: Option<AuditAction>,
    /// Affecting the resource with this identifier.
    pub target: Option<Uuid>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// A request for one page of events.
#[derive(Debug, Clone, Default)]
pub struct ListEvents {
    /// The criteria.
    pub filter: AuditFilter,
    /// The event after which the page starts.
    pub after: Option<Id<AuditEvent>>,
    /// The maximum number of events.
    pub limit: Limit,
}
