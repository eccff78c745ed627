//! Starting a session for a user who has proved who they are.

use crate::{
    features::sign_in::{
        error::{AccountDisabled, EmailNotVerified, InvalidCredentials},
        sign_out::{self, SessionAndUser},
    },
    model::{Actor, AuditAction, AuditEvent, AuthMethods, EmailKind, Id, RefreshToken, Secret, Session, User},
    ports::{AuditRepo, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App,
        audit::FailureReason,
        outbox::notify,
        session_limit::{make_room_for_session, trim_sessions},
    },
};

pub(super) const SESSION_STARTED: AuditAction = AuditAction::new(
    "session.started",
    "A user signed in; `methods` lists the authentication methods (RFC 8176)",
);

/// Prepares the start of a session, before its transaction: finds the session that it replaces, and revokes surplus
/// sessions.
pub(super) async fn prepare_session<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: Id<User>,
    replaces: Option<&RefreshToken>,
) -> StoreResult<Option<SessionAndUser>> {
    let replaced = match replaces {
        Some(token) => sign_out::find_genuine_session(app, token).await?,
        None => None,
    };
    trim_sessions(app, actor, user).await?;
    Ok(replaced)
}

/// Starts a session for a user, who must be locked.
pub(super) async fn start_session<S: Store>(
    app: &App<S>,
    tx: &mut S::Transaction,
    actor: &Actor,
    user: &User,
    methods: AuthMethods,
    replaced: Option<SessionAndUser>,
) -> StoreResult<Session> {
    let now = app.clock.now();
    let mut secret = [0; 32];
    app.rng.fill(&mut secret);
    let session = Session {
        id: app.new_id(now),
        user: Some(user.id),
        secret: Secret::new(secret),
        generation: 0,
        rotated_at: None,
        created_at: now,
        last_used_at: now,
        expires_at: now + app.policy.session_ttl,
        revoked_at: None,
        authenticated_at: now,
        methods,
        device: actor.client().device.clone(),
    };
    if let Some(replaced) = replaced {
        sign_out::revoke(app, tx, actor, replaced, now).await?;
    }
    notify_of_new_device(app, tx, user, &session).await?;
    make_room_for_session(app, tx, actor, user.id, now).await?;
    tx.insert_session(&session).await?;
    tx.record_sign_in(user.id, now).await?;
    let event = AuditEvent::new(app, now, actor, SESSION_STARTED)
        .actor(user.id)
        .target(session.id);
    tx.insert_event(&event.detail_names("methods", session.methods.names()))
        .await?;
    Ok(session)
}

/// Returns the reason why a user who has proved who they are may not sign in.
pub(super) fn sign_in_blocker<S>(app: &App<S>, user: &User) -> Option<FailureReason> {
    if !user.is_active() {
        Some(FailureReason::AccountDisabled)
    } else if app.policy.require_verified_email && !user.email_verified {
        Some(FailureReason::EmailNotVerified)
    } else {
        None
    }
}

/// Notifies a user of a sign-in from a new device, unless it is the first sign-in. Devices are identified by their user
/// agents.
async fn notify_of_new_device<S: Store>(
    app: &App<S>,
    tx: &mut S::Transaction,
    user: &User,
    session: &Session,
) -> StoreResult<()> {
    let devices = tx.list_devices(user.id).await?;
    let user_agent = &session.device.user_agent;
    if devices.is_empty() || devices.iter().any(|device| device.user_agent == *user_agent) {
        return Ok(());
    }
    let agent = user_agent.as_deref().unwrap_or("an unknown device");
    let note = match &session.device.ip_address {
        Some(address) => format!("{agent}, from {address}"),
        None => agent.to_owned(),
    };
    notify(app, tx, EmailKind::NewDevice, user, Some(note), session.created_at).await
}

/// Returns the error for a client. Only a client that has proved who the user is learns why the user may not sign in.
pub(super) fn error_for<E>(reason: FailureReason) -> E
where
    E: From<AccountDisabled> + From<EmailNotVerified> + From<InvalidCredentials>,
{
    match reason {
        FailureReason::AccountDisabled => AccountDisabled.into(),
        FailureReason::EmailNotVerified => EmailNotVerified.into(),
        FailureReason::WrongPassword | FailureReason::UnknownAddress | FailureReason::Rejected(_) => {
            InvalidCredentials.into()
        }
    }
}
