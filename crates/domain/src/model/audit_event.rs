//! Events of the audit log.

use std::{borrow::Cow, collections::BTreeMap};

use uuid::Uuid;

use crate::model::{AuditAction, ClientInfo, Id, Kind, ListRequest, Timestamp, User, names::closed_names};

/// An action that was performed, or was attempted and rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its identifier. Identifiers sort by time.
    pub id: Id<AuditEvent>,
    /// The time of the action.
    pub occurred_at: Timestamp,
    /// The name of the action, which may be one that only a newer version knows.
    pub action: Cow<'static, str>,
    /// The party that performed the action.
    pub actor: EventActor,
    /// The resource that the action affected.
    pub target: Option<EventTarget>,
    /// The client.
    pub client: ClientInfo,
    /// Further details, by name.
    pub details: BTreeMap<String, Detail>,
}

closed_names! {
    /// A kind of [`EventActor`] that this version records.
    pub enum ActorKind {
        /// A client that was not signed in.
        Anonymous = "anonymous",
        /// A user.
        User = "user",
        /// The operator at the command line.
        Cli = "cli",
        /// The server itself.
        System = "system",
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

impl EventActor {
    /// Returns the name of its kind, as stored and shown.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Anonymous => ActorKind::Anonymous.as_str(),
            Self::User(_) => ActorKind::User.as_str(),
            Self::Cli => ActorKind::Cli.as_str(),
            Self::System => ActorKind::System.as_str(),
            Self::Other { kind, .. } => kind,
        }
    }

    /// Returns its identifier, if it has one.
    #[must_use]
    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::Anonymous | Self::Cli | Self::System => None,
            Self::User(user) => Some(user.as_uuid()),
            Self::Other { id, .. } => *id,
        }
    }

    /// Converts a stored kind and identifier.
    #[must_use]
    pub fn new_unchecked(kind: String, id: Option<Uuid>) -> Self {
        match (ActorKind::from_name(&kind), id) {
            (Some(ActorKind::Anonymous), None) => Self::Anonymous,
            (Some(ActorKind::User), Some(user)) => Self::User(Id::from_uuid(user)),
            (Some(ActorKind::Cli), None) => Self::Cli,
            (Some(ActorKind::System), None) => Self::System,
            _ => Self::Other { kind, id },
        }
    }
}

/// The resource that an action affected. It may have been deleted since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTarget {
    /// The [`Kind`] of resource, which may be one that only a newer version knows.
    pub kind: Cow<'static, str>,
    /// Its identifier.
    pub id: Uuid,
}

impl<T: Kind> From<Id<T>> for EventTarget {
    fn from(id: Id<T>) -> Self {
        let (kind, id) = (T::KIND.into(), id.as_uuid());
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
pub type ListEvents = ListRequest<AuditFilter, (), Id<AuditEvent>>;
