//! Exporting everything that is stored about a user, for that user.

use crate::{
    model::{
        Actor, AuditEvent, ClientInfo, EventActor, Id, Limit, ListedEmail, Page, QueuedEmail, Session, SessionRow,
        Timestamp, User, UserTimes,
    },
    ports::{AuditRepo, OneTimeTokenRepo, OutboxRepo, SessionRepo, Store, UserRepo},
    services::{
        App,
        error::{Error, Resource},
    },
};

/// How many rows are read at once. Many exports at the same time need little memory, too.
const PAGE: Limit = Limit::new(50).unwrap();

/// What is stored once about a user, except what is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The account.
    pub user: User,
    /// When the user last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When the password was chosen; `None` without one.
    pub password_changed_at: Option<Timestamp>,
    /// The address that the user asked to change to and has not confirmed yet.
    pub pending_email: Option<String>,
}

/// Reads what is stored once about the actor.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn export<S: Store>(app: &App<S>, actor: &Actor) -> Result<Export, Error> {
    let (id, _) = actor.signed_in()?;
    let conn = app.store.db();
    let user = conn.find_user(id).await?.ok_or(Error::NotFound(Resource::User))?;
    let UserTimes {
        last_sign_in_at,
        password_changed_at,
    } = conn.find_user_times(id).await?;
    let pending = conn.find_pending_email(id).await?;
    let now = app.clock.now();
    Ok(Export {
        user,
        last_sign_in_at,
        password_changed_at,
        pending_email: pending
            .filter(|(_, expires_at)| *expires_at > now)
            .map(|(email, _)| email),
    })
}

/// Reads the next mails that wait to be sent to the actor, the newest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn export_emails<S: Store>(
    app: &App<S>,
    actor: &Actor,
    after: Option<Id<QueuedEmail>>,
) -> Result<Page<ListedEmail, Id<QueuedEmail>>, Error> {
    let (id, _) = actor.signed_in()?;
    let mails = app.store.db().list_emails_of(id, after, PAGE).await?;
    Ok(Page::cut(mails, PAGE, None))
}

/// Reads the next of all sessions of the actor that are remembered, the newest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn export_sessions<S: Store>(
    app: &App<S>,
    actor: &Actor,
    after: Option<Id<Session>>,
) -> Result<Page<SessionRow, Id<Session>>, Error> {
    let (id, _) = actor.signed_in()?;
    let sessions = app.store.db().list_sessions(id, after, PAGE).await?;
    Ok(Page::cut(sessions, PAGE, None))
}

/// Reads the next of the events that the actor has caused or that are about the actor, the newest first. Who
/// else has caused one, and from where, is left out.
///
/// # Errors
/// [`Error::Denied`].
pub async fn export_events<S: Store>(
    app: &App<S>,
    actor: &Actor,
    after: Option<Id<AuditEvent>>,
) -> Result<Page<AuditEvent, Id<AuditEvent>>, Error> {
    let (id, _) = actor.signed_in()?;
    let events = app.store.db().list_events_of(id, after, PAGE).await?;
    let page = Page::cut(events, PAGE, None);
    Ok(Page {
        rows: page.rows.into_iter().map(|event| without_others(event, id)).collect(),
        ..page
    })
}

/// Who else did it, and from where, is that one's affair.
fn without_others(event: AuditEvent, user: Id<User>) -> AuditEvent {
    match event.actor {
        EventActor::User(actor) if actor == user => event,
        EventActor::User(_) | EventActor::Anonymous | EventActor::Other { .. } => AuditEvent {
            actor: EventActor::Anonymous,
            client: ClientInfo::default(),
            ..event
        },
        EventActor::Cli | EventActor::System => event,
    }
}
