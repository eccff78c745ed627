//! Signing in.

use crate::{
    App, Commit, Secret, Store,
    credential::{CredentialRepo, Password, Verdict},
    session::{Device, Session, SessionError, SessionRepo, TokenPair, tokens},
    user::{EmailKey, UserRepo},
};

/// Somebody signs in.
#[derive(Debug)]
pub struct SignIn {
    /// The address as it was typed.
    pub email: String,
    /// The password as it was typed.
    pub password: Password,
    /// Where this happens.
    pub device: Device,
}

/// Signs a user in with a password and starts a session.
///
/// Exactly one hash is verified, whether there is such an account or not.
///
/// # Errors
/// [`SessionError::InvalidCredentials`] when the address or the password is wrong;
/// [`SessionError::AccountDisabled`], only after a right password.
pub async fn sign_in<S: Store>(app: &App<S>, cmd: SignIn) -> Result<TokenPair, SessionError> {
    let conn = app.store.conn();
    let user = match EmailKey::of(&cmd.email) {
        Some(key) => conn.find_user_by_email(&key).await?,
        None => None,
    };
    let hash = match &user {
        Some(user) => conn.find_password_hash(user.id).await?,
        None => None,
    };
    let verdict = app.hasher.verify(cmd.password.clone(), hash.clone()).await?;
    let (Some(user), Some(hash)) = (user, hash) else {
        return Err(SessionError::InvalidCredentials);
    };
    let renewed = match verdict {
        Verdict::Wrong => return Err(SessionError::InvalidCredentials),
        Verdict::Outdated if user.is_active() => Some(app.hasher.hash(cmd.password).await?),
        Verdict::Right | Verdict::Outdated => None,
    };

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    // Hashing took its time: the account may have been deleted, disabled or given another password.
    let user = tx.lock_user(user.id).await?.ok_or(SessionError::InvalidCredentials)?;
    if tx.find_password_hash(user.id).await?.as_ref() != Some(&hash) {
        return Err(SessionError::InvalidCredentials);
    }
    if !user.is_active() {
        return Err(SessionError::AccountDisabled);
    }
    if let Some(renewed) = renewed {
        tx.set_password_hash(user.id, &renewed, now).await?;
    }
    let mut secret = [0; 32];
    app.entropy.fill(&mut secret);
    let session = Session {
        id: app.mint(now),
        user: Some(user.id),
        secret: Secret::new(secret),
        generation: 0,
        rotated_at: None,
        created_at: now,
        last_used_at: now,
        expires_at: now + app.policy.session_ttl,
        revoked_at: None,
        device: cmd.device,
    };
    tx.insert_session(&session).await?;
    tx.record_sign_in(user.id, now).await?;
    let pair = tokens::issue(app, &session, &user, now)?;
    tx.commit().await?;
    Ok(pair)
}
