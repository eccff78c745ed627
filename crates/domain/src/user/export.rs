//! Everything that is stored about somebody, for that person.

use std::cmp::Reverse;

use crate::{
    Actor, App, Id, Limit, Origin, Page, Store, StoreResult, Timestamp,
    audit::{AuditEvent, AuditFilter, AuditRepo, EventActor, ListEvents},
    mail::{Mail, MailRepo},
    session::{Session, SessionRepo},
    user::{EmailAddress, User, UserError, UserRepo},
    verification::{TokenPurpose, VerificationRepo},
};

/// Everything that is stored about a user, save what is secret. It holds nothing about other people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The account.
    pub user: User,
    /// When the user last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When the password was chosen; `None` without one.
    pub password_changed_at: Option<Timestamp>,
    /// The address that the user asked to change to and has not confirmed yet.
    pub pending_email: Option<EmailAddress>,
    /// The mails that wait to be sent to the user, the newest first.
    pub mails: Vec<Mail>,
    /// All sessions that are remembered, the newest first.
    pub sessions: Vec<Session>,
    /// What the user did and what was done to the user, the newest first.
    pub events: Vec<AuditEvent>,
}

/// Times that are kept beside a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserTimes {
    /// When the user last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When the password was chosen; `None` without one.
    pub password_changed_at: Option<Timestamp>,
}

/// Gathers everything that is stored about the actor.
///
/// # Errors
/// [`UserError::Denied`], [`UserError::NotFound`].
pub async fn export<S: Store>(app: &App<S>, actor: &Actor) -> Result<Export, UserError> {
    let (id, _) = actor.signed_in()?;
    let conn = app.store.conn();
    let user = conn.find_user(id).await?.ok_or(UserError::NotFound)?;
    let UserTimes {
        last_sign_in_at,
        password_changed_at,
    } = conn.find_user_times(id).await?;
    let by_user = AuditFilter {
        actor: Some(id),
        ..AuditFilter::default()
    };
    let to_user = AuditFilter {
        target: Some(id.as_uuid()),
        ..AuditFilter::default()
    };
    let mut events = all_events(conn, by_user).await?;
    events.extend(all_events(conn, to_user).await?);
    events.sort_by_key(|event| Reverse(event.id));
    events.dedup();
    let pending = conn.find_token_of(id, TokenPurpose::ChangeEmail).await?;
    let pending = pending.filter(|token| token.expires_at > app.clock.now());
    Ok(Export {
        user,
        last_sign_in_at,
        password_changed_at,
        pending_email: pending.and_then(|token| token.email),
        mails: conn.list_mails_of(id).await?,
        sessions: conn.list_sessions(id).await?,
        events: events.into_iter().map(|event| without_others(event, id)).collect(),
    })
}

async fn all_events(repos: &impl AuditRepo, filter: AuditFilter) -> StoreResult<Vec<AuditEvent>> {
    let limit = Limit::new(Limit::MAX).unwrap_or_default();
    let mut list = ListEvents {
        filter,
        after: None,
        limit,
    };
    let mut all = Vec::new();
    loop {
        let rows = repos.list_events(&list).await?;
        let page = Page::cut(rows, limit, None, |event| event.id);
        all.extend(page.rows);
        list.after = page.next;
        if list.after.is_none() {
            return Ok(all);
        }
    }
}

/// Who else did it, and from where, is that one's affair.
fn without_others(event: AuditEvent, user: Id<User>) -> AuditEvent {
    match event.actor {
        EventActor::User(actor) if actor == user => event,
        EventActor::User(_) | EventActor::Anonymous => AuditEvent {
            actor: EventActor::Anonymous,
            origin: Origin::default(),
            ..event
        },
        EventActor::Cli | EventActor::System => event,
    }
}
