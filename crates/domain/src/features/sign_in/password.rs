//! Signing in with a password.

use crate::{
    features::sign_in::{SignInError, sign_out},
    model::{
        Actor, AuditAction, AuditEvent, ClientInfo, EmailKind, NormalizedEmail, PasswordAttempt, PasswordHash,
        RefreshToken, Secret, Session, StoredPassword, TokenPair, User, fold,
    },
    ports::{AuditRepo, Commit, CredentialRepo, HashError, PasswordCheck, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App,
        audit::{FailureReason, record_failed_attempt},
        outbox::notify,
        rate_limit::{self, AcquiredAttempt},
        session_limit::{make_room_for_session, trim_sessions},
        tokens,
    },
};

/// Somebody signs in.
#[derive(Debug)]
pub struct SignIn {
    /// The address as it was typed.
    pub email: String,
    /// The password as it was typed.
    pub password: PasswordAttempt,
    /// The refresh token that the client will not have any more, whose session ends with the sign-in.
    pub replaces: Option<RefreshToken>,
    /// Where this happens.
    pub client: ClientInfo,
}

/// Signs a user in with a password and starts a session.
///
/// Exactly one hash is verified, whether there is such an account or not.
///
/// # Errors
/// [`SignInError::InvalidCredentials`] when the address or the password is wrong;
/// [`SignInError::AccountDisabled`] and [`SignInError::EmailNotVerified`], only after a right password; [`Error::RateLimited`](crate::Error::RateLimited) before any
/// password is looked at.
pub async fn sign_in<S: Store>(app: &App<S>, cmd: SignIn) -> Result<TokenPair, SignInError> {
    let conn = app.store.db();
    let key = NormalizedEmail::of(&cmd.email);
    let user = match &key {
        Some(key) => conn.find_user_by_email(key).await?,
        None => None,
    };
    let stored = match &user {
        Some(user) => conn.find_password(user.id).await?,
        None => None,
    };
    let actor = Actor::anonymous(cmd.client);
    let address = key.map_or_else(|| fold(&cmd.email), |key| key.as_str().to_owned());
    let turn = rate_limit::acquire(app, actor.client(), &address, user.as_ref()).await?;
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let verified = app.hasher.verify(cmd.password.clone(), hash).await;
    let verdict = turn.unless_failed(app, verified).await?;
    let Some(user) = user else {
        return Err(refuse(app, &actor, Err(&address), FailureReason::UnknownAddress).await);
    };
    let (Some(stored), PasswordCheck::Correct | PasswordCheck::Outdated) = (stored, verdict) else {
        return Err(refuse(app, &actor, Ok(&user), FailureReason::WrongPassword).await);
    };
    if let Some(reason) = obstacle(app, &user) {
        turn.refund(app).await?;
        return Err(refuse(app, &actor, Ok(&user), reason).await);
    }
    if cmd.password.is_abandoned() {
        // Nobody would receive the tokens.
        turn.refund(app).await?;
        return Err(HashError::Abandoned.into());
    }
    let renewed = match verdict {
        PasswordCheck::Outdated => {
            let hashed = app.hasher.hash(cmd.password.password().clone()).await;
            Some(turn.unless_failed(app, hashed).await?)
        }
        PasswordCheck::Correct | PasswordCheck::Wrong => None,
    };

    let verified = Verified { user, stored, renewed };
    let started = start(app, &actor, turn, verified, cmd.replaces).await;
    if started.is_err() {
        // The password was correct, whatever failed. Of the two errors the first is the one to report.
        let _ = turn.refund(app).await;
    }
    started
}

/// A user whose password was verified.
struct Verified {
    user: User,
    stored: StoredPassword,
    /// The upgraded hash of an outdated one.
    renewed: Option<PasswordHash>,
}

/// Starts a session of a user whose password was verified.
async fn start<S: Store>(
    app: &App<S>,
    actor: &Actor,
    turn: AcquiredAttempt,
    verified: Verified,
    replaces: Option<RefreshToken>,
) -> Result<TokenPair, SignInError> {
    let Verified { user, stored, renewed } = verified;
    let replaced = match &replaces {
        Some(token) => sign_out::session_of(app, token).await?,
        None => None,
    };
    trim_sessions(app, actor, user.id).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    // Hashing took its time: the account may have been deleted, disabled or given another password.
    let user = tx.lock_user(user.id).await?.ok_or(SignInError::InvalidCredentials)?;
    if !stored.is_current(tx.find_password(user.id).await?.as_ref()) {
        return Err(SignInError::InvalidCredentials);
    }
    if let Some(reason) = obstacle(app, &user) {
        return Err(refusal(reason));
    }
    if let Some(renewed) = renewed {
        tx.upgrade_password_hash(user.id, &stored.hash, &renewed).await?;
    }
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
        device: actor.client().device.clone(),
    };
    turn.refund_in(&mut tx).await?;
    if let Some(replaced) = replaced {
        sign_out::end(app, &mut tx, actor, replaced, now).await?;
    }
    tell_of_new_device(app, &mut tx, &user, &session).await?;
    make_room_for_session(app, &mut tx, actor, user.id, now).await?;
    tx.insert_session(&session).await?;
    tx.record_sign_in(user.id, now).await?;
    let event = AuditEvent::new(app, now, actor, AuditAction::SessionStarted);
    tx.insert_event(&event.actor(user.id).target(session.id)).await?;
    let pair = tokens::issue(app, &session, &user, now).map_err(SignInError::Signing)?;
    tx.commit().await?;
    Ok(pair)
}

/// What keeps a user from signing in who knows the password.
fn obstacle<S>(app: &App<S>, user: &User) -> Option<FailureReason> {
    if !user.is_active() {
        Some(FailureReason::AccountDisabled)
    } else if app.policy.require_verified_email && !user.email_verified {
        Some(FailureReason::EmailNotVerified)
    } else {
        None
    }
}

/// Tells somebody who has signed in before that this was from a device that never did. A device is told
/// by its user agent.
async fn tell_of_new_device<S: Store>(
    app: &App<S>,
    tx: &mut S::Transaction,
    user: &User,
    session: &Session,
) -> StoreResult<()> {
    let known = tx.list_devices(user.id).await?;
    let user_agent = &session.device.user_agent;
    if known.is_empty() || known.iter().any(|device| device.user_agent == *user_agent) {
        return Ok(());
    }
    let agent = user_agent.as_deref().unwrap_or("an unnamed program");
    let note = match &session.device.ip_address {
        Some(address) => format!("{agent}, from {address}"),
        None => agent.to_owned(),
    };
    notify(app, tx, EmailKind::NewDevice, user, Some(note), session.created_at).await
}

/// Notes a refusal.
async fn refuse<S: Store>(
    app: &App<S>,
    actor: &Actor,
    account: Result<&User, &str>,
    reason: FailureReason,
) -> SignInError {
    match record_failed_attempt(app, actor, AuditAction::SessionRefused, account, reason).await {
        Err(error) => error.into(),
        Ok(()) => refusal(reason),
    }
}

/// Says no more than it must: what else keeps somebody out is for who knows the password.
const fn refusal(reason: FailureReason) -> SignInError {
    match reason {
        FailureReason::AccountDisabled => SignInError::AccountDisabled,
        FailureReason::EmailNotVerified => SignInError::EmailNotVerified,
        FailureReason::WrongPassword | FailureReason::UnknownAddress => SignInError::InvalidCredentials,
    }
}
