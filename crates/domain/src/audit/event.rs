//! What an event tells.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{Actor, App, Id, Origin, Timestamp, audit::Action, role::Role, session::Session, user::User};

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
    pub origin: Origin,
    /// What else there is to know, by name.
    pub details: BTreeMap<String, Detail>,
}

/// The action of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventAction {
    /// One that this version knows.
    Known(Action),
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
    pub fn from_stored(name: String) -> Self {
        Action::from_name(&name).map_or(Self::Other(name), Self::Known)
    }
}

impl From<Action> for EventAction {
    fn from(action: Action) -> Self {
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
    pub fn from_stored(name: String) -> Self {
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

impl AuditEvent {
    /// What the actor does at this time.
    pub(crate) fn new<S>(app: &App<S>, at: Timestamp, actor: &Actor, action: Action) -> Self {
        Self {
            id: app.mint(at),
            occurred_at: at,
            action: action.into(),
            actor: actor.shown(),
            target: None,
            origin: actor.origin().clone(),
            details: BTreeMap::new(),
        }
    }

    /// The same, done to something.
    pub(crate) fn to(self, target: impl Into<EventTarget>) -> Self {
        let target = Some(target.into());
        Self { target, ..self }
    }

    /// The same, done by a user who is not signed in yet.
    pub(crate) fn by(self, user: Id<User>) -> Self {
        let actor = EventActor::User(user);
        Self { actor, ..self }
    }

    /// The same, with a word more.
    pub(crate) fn saying(mut self, name: &str, text: impl Into<String>) -> Self {
        self.details.insert(name.to_owned(), Detail::Text(text.into()));
        self
    }

    /// The same, with a number more.
    pub(crate) fn counting(mut self, name: &str, count: u64) -> Self {
        self.details.insert(name.to_owned(), Detail::Count(count));
        self
    }

    /// The same, with names more; without any, nothing is added.
    pub(crate) fn naming<T: ToString>(mut self, name: &str, names: impl IntoIterator<Item = T>) -> Self {
        let names: Vec<_> = names.into_iter().map(|name| name.to_string()).collect();
        if !names.is_empty() {
            self.details.insert(name.to_owned(), Detail::Names(names));
        }
        self
    }
}
