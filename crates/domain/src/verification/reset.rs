//! Choosing another password by a link.

use crate::{
    Actor, App, Commit, Origin, Store,
    audit::{Action, AuditEvent, AuditRepo},
    credential::{CredentialRepo, choose},
    mail::{MailKind, notice},
    session::SessionRepo,
    user::{User, UserRepo},
    verification::{LinkToken, TokenPurpose, VerificationError, VerificationRepo, verify_email::owner},
};

/// Sets the password of whoever has the token. All sessions and all other links end, so that nothing that
/// somebody else planted in the account survives, and the address counts as verified.
///
/// # Errors
/// [`VerificationError::Password`] keeps the token; [`VerificationError::InvalidToken`].
pub async fn reset_password<S: Store>(
    app: &App<S>,
    origin: Origin,
    token: Option<&LinkToken>,
    new_password: &str,
) -> Result<(), VerificationError> {
    choose(app, new_password, None)?;
    let (token, user) = owner(app, token, &TokenPurpose::SETTING_PASSWORD).await?;
    let new = choose(app, new_password, Some(&user.email))?;
    let hash = app.hasher.hash(new).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(VerificationError::InvalidToken)?;
    if !tx.consume_one_time_token(token.id, now).await? {
        return Err(VerificationError::InvalidToken);
    }
    let had_password = tx.find_password(user.id).await?.is_some();
    tx.set_password_hash(user.id, &hash, now).await?;
    tx.revoke_sessions(user.id, None, now).await?;
    tx.delete_one_time_tokens(user.id, None).await?;
    let user = User {
        email_verified: true,
        ..user
    }
    .touched(now);
    tx.update_user(&user).await?;
    let actor = Actor::anonymous(origin);
    tx.insert_event(&AuditEvent::new(app, now, &actor, Action::PasswordReset).to(user.id))
        .await?;
    if had_password {
        notice(app, &mut tx, MailKind::PasswordChanged, &user, None, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
