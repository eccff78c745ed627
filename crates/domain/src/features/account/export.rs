//! Exporting all data that is stored about the actor.

use crate::{
    model::{
        Actor, AuditEvent, ClientInfo, EventActor, Factors, Id, Limit, ListedEmail, Page, QueuedEmail, Session,
        SessionRow, Timestamp, User, UserTimes,
    },
    ports::{AuditRepo, OneTimeTokenRepo, OutboxRepo, SessionRepo, Store, UserRepo},
    services::{App, error::Error, factors::list_factors, step_up::require_fresh},
};

/// The number of rows of a page. It is small, so that concurrent exports need little memory.
const PAGE: Limit = Limit::new(50).unwrap();

/// The account and the data that is stored once for each user, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The account.
    pub user: User,
    /// The time of the last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The time when the password was set; `None` without a password.
    pub password_changed_at: Option<Timestamp>,
    /// The new email address that the user has not confirmed yet.
    pub pending_email: Option<String>,
    /// The factors.
    pub factors: Factors,
}

/// Returns the actor's account and the data that is stored once for each user. Requires a recent proof of identity.
///
/// # Errors
/// [`Error::Denied`], [`Error::StepUpRequired`], [`Error::NotFound`].
pub async fn export<S: Store>(app: &App<S>, actor: &Actor) -> Result<Export, Error> {
    let (id, _) = actor.signed_in()?;
    require_fresh(app, actor).await?;
    let db = app.store.db();
    let user = db.find_user(id).await?.ok_or(Error::not_found::<User>())?;
    let UserTimes {
        last_sign_in_at,
        password_changed_at,
    } = db.find_user_times(id).await?;
    let pending = db.find_pending_email(id).await?;
    let now = app.clock.now();
    Ok(Export {
        factors: list_factors(db, &user).await?,
        user,
        last_sign_in_at,
        password_changed_at,
        pending_email: pending
            .filter(|(_, expires_at)| *expires_at > now)
            .map(|(email, _)| email),
    })
}

/// Returns a page of the unsent emails to the actor, newest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn export_emails<S: Store>(
    app: &App<S>,
    actor: &Actor,
    after: Option<Id<QueuedEmail>>,
) -> Result<Page<ListedEmail, Id<QueuedEmail>>, Error> {
    let (id, _) = actor.signed_in()?;
    let emails = app.store.db().list_emails_of(id, after, PAGE).await?;
    Ok(Page::new(emails, PAGE, None))
}

/// Returns a page of all stored sessions of the actor, newest first.
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
    Ok(Page::new(sessions, PAGE, None))
}

/// Returns a page of the events that the actor performed or that affected the actor, newest first. Other users and
/// their clients are omitted.
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
    let page = Page::new(events, PAGE, None);
    Ok(Page {
        rows: page
            .rows
            .into_iter()
            .map(|event| without_other_users(event, id))
            .collect(),
        ..page
    })
}

/// Replaces an actor other than `user` with an anonymous one and removes its client.
fn without_other_users(event: AuditEvent, user: Id<User>) -> AuditEvent {
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
