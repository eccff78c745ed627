//! Signing in with a password.

use crate::{
    features::sign_in::{
        error::{AccountDisabled, EmailNotVerified, InvalidCredentials, SignInError, Signing},
        sign_out,
    },
    model::{
        Actor, AuditAction, AuditEvent, ClientInfo, EmailKind, NormalizedEmail, PasswordAttempt, PasswordHash,
        RefreshToken, Secret, Session, StoredPassword, TokenPair, User, fold,
    },
    ports::{AuditRepo, Commit, CredentialRepo, HashError, PasswordCheck, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App,
        audit::{AttemptedAccount, FailureReason, record_failed_attempt},
        outbox::notify,
        rate_limit::{self, AcquiredAttempt},
        session_limit::{make_room_for_session, trim_sessions},
        tokens,
    },
};

pub(super) const SESSION_STARTED: AuditAction = AuditAction::new("session.started", "A user signed in");
pub(super) const SESSION_REFUSED: AuditAction = AuditAction::new(
    "session.refused",
    "A sign-in failed; `reason` is `wrong_password`, `unknown_address`, `account_disabled` or `email_not_verified`, and `count` is the number of attempts if the event summarizes several",
);

/// A request to sign in.
#[derive(Debug)]
pub struct SignIn {
    /// The email address as it was typed.
    pub email: String,
    /// The password as it was typed.
    pub password: PasswordAttempt,
    /// A refresh token that the new one replaces. Its session is revoked.
    pub replaces: Option<RefreshToken>,
    /// The client.
    pub client: ClientInfo,
}

/// Signs a user in with a password and starts a session.
///
/// Exactly one hash is verified, whether the account exists or not.
///
/// # Errors
/// [`SignInError::InvalidCredentials`] if the email address or the password is incorrect;
/// [`SignInError::AccountDisabled`] or [`SignInError::EmailNotVerified`], only if the password is correct;
/// [`Error::RateLimited`](crate::Error::RateLimited), before the password is verified.
pub async fn sign_in<S: Store>(app: &App<S>, cmd: SignIn) -> Result<TokenPair, SignInError> {
    let db = app.store.db();
    let normalized = NormalizedEmail::parse(&cmd.email).ok();
    let user = match &normalized {
        Some(email) => db.find_user_by_email(email).await?,
        None => None,
    };
    let stored = match &user {
        Some(user) => db.find_password(user.id).await?,
        None => None,
    };
    let actor = Actor::anonymous(cmd.client);
    let email = normalized.map_or_else(|| fold(&cmd.email), |email| email.as_str().to_owned());
    let quota = rate_limit::acquire(app, actor.client(), &email, user.as_ref()).await?;
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let verified = app.hasher.verify(cmd.password.clone(), hash).await;
    let check = quota.refund_on_error(app, verified).await?;
    let Some(user) = user else {
        return Err(record_failure(
            app,
            &actor,
            AttemptedAccount::Unknown(&email),
            FailureReason::UnknownAddress,
        )
        .await);
    };
    let (Some(stored), PasswordCheck::Correct | PasswordCheck::Outdated) = (stored, check) else {
        return Err(record_failure(
            app,
            &actor,
            AttemptedAccount::Known(&user),
            FailureReason::WrongPassword,
        )
        .await);
    };
    if let Some(reason) = sign_in_blocker(app, &user) {
        quota.refund(app).await?;
        return Err(record_failure(app, &actor, AttemptedAccount::Known(&user), reason).await);
    }
    if cmd.password.is_abandoned() {
        // The client would not receive the tokens.
        quota.refund(app).await?;
        return Err(HashError::Abandoned.into());
    }
    let upgraded = match check {
        PasswordCheck::Outdated => {
            let hashed = app.hasher.hash(cmd.password.password().clone()).await;
            Some(quota.refund_on_error(app, hashed).await?)
        }
        PasswordCheck::Correct | PasswordCheck::Wrong => None,
    };

    let verified = Verified { user, stored, upgraded };
    let started = start(app, &actor, quota, verified, cmd.replaces).await;
    if started.is_err() {
        // The password was correct, so the attempt does not count. The first error is the one to report.
        let _ = quota.refund(app).await;
    }
    started
}

/// A user whose password was verified.
struct Verified {
    user: User,
    stored: StoredPassword,
    /// The hash that replaces an outdated one.
    upgraded: Option<PasswordHash>,
}

/// Starts a session for a user whose password was verified.
async fn start<S: Store>(
    app: &App<S>,
    actor: &Actor,
    quota: AcquiredAttempt,
    verified: Verified,
    replaces: Option<RefreshToken>,
) -> Result<TokenPair, SignInError> {
    let Verified { user, stored, upgraded } = verified;
    let replaced = match &replaces {
        Some(token) => sign_out::find_genuine_session(app, token).await?,
        None => None,
    };
    trim_sessions(app, actor, user.id).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    // Hashing is slow: in the meantime the account may have been deleted or disabled, or its password changed.
    let user = tx.lock_user(user.id).await?.ok_or(InvalidCredentials)?;
    if !stored.is_current(tx.find_password(user.id).await?.as_ref()) {
        return Err(InvalidCredentials.into());
    }
    if let Some(reason) = sign_in_blocker(app, &user) {
        return Err(error_for(reason));
    }
    if let Some(upgraded) = upgraded {
        tx.upgrade_password_hash(user.id, &stored.hash, &upgraded).await?;
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
    quota.refund_in(&mut tx).await?;
    if let Some(replaced) = replaced {
        sign_out::revoke(app, &mut tx, actor, replaced, now).await?;
    }
    notify_of_new_device(app, &mut tx, &user, &session).await?;
    make_room_for_session(app, &mut tx, actor, user.id, now).await?;
    tx.insert_session(&session).await?;
    tx.record_sign_in(user.id, now).await?;
    let event = AuditEvent::new(app, now, actor, SESSION_STARTED);
    tx.insert_event(&event.actor(user.id).target(session.id)).await?;
    let pair = tokens::issue(app, &session, &user, now).map_err(Signing)?;
    tx.commit().await?;
    Ok(pair)
}

/// Returns the reason why a user with the correct password may not sign in.
fn sign_in_blocker<S>(app: &App<S>, user: &User) -> Option<FailureReason> {
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

/// Records a failed sign-in and returns the error for the client.
async fn record_failure<S: Store>(
    app: &App<S>,
    actor: &Actor,
    account: AttemptedAccount<'_>,
    reason: FailureReason,
) -> SignInError {
    match record_failed_attempt(app, actor, SESSION_REFUSED, account, reason).await {
        Err(error) => error.into(),
        Ok(()) => error_for(reason),
    }
}

/// Returns the error for a client. Only a client with the correct password learns why the user may not sign in.
fn error_for(reason: FailureReason) -> SignInError {
    match reason {
        FailureReason::AccountDisabled => AccountDisabled.into(),
        FailureReason::EmailNotVerified => EmailNotVerified.into(),
        FailureReason::WrongPassword | FailureReason::UnknownAddress => InvalidCredentials.into(),
    }
}
