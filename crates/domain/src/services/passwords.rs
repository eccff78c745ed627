//! Validating new passwords and verifying current ones.

use crate::{
    model::{Actor, AuditAction, EmailAddress, Password, PasswordAttempt, PasswordError, StoredPassword, User},
    ports::{CredentialRepo, HashError, PasswordCheck, Store, UserRepo},
    services::{
        App,
        audit::{FailureReason, record_failed_attempt},
        error::{Error, Resource},
        rate_limit,
    },
};

/// Takes a password that somebody chooses for the account with this address, if it is as the policy asks.
///
/// # Errors
/// [`PasswordError`].
pub fn validate_new_password<S>(
    app: &App<S>,
    text: &str,
    email: Option<&EmailAddress>,
) -> Result<Password, PasswordError> {
    let password = Password::choose(text, app.policy.password_min_length, email)?;
    let least = app.policy.password_min_score;
    if least > 0 {
        let about: Vec<&str> = email.map(EmailAddress::as_str).into_iter().collect();
        let strength = app.meter.measure(password.expose(), &about);
        if strength.score < least {
            return Err(PasswordError::Weak(strength.advice));
        }
    }
    Ok(password)
}

/// Verifies the actor's password and returns what it was verified against. A transaction that relies on it
/// checks that this is still the current password. A wrong password is noted.
pub(crate) async fn verify_current_password<S: Store>(
    app: &App<S>,
    actor: &Actor,
    current: PasswordAttempt,
) -> Result<StoredPassword, Error> {
    let (id, _) = actor.signed_in()?;
    let user = app.store.db().find_user(id).await?;
    verify_password_of(app, actor, &user.ok_or(Error::NotFound(Resource::User))?, current).await
}

/// The same for any user, whether the actor is signed in or not.
pub(crate) async fn verify_password_of<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: &User,
    current: PasswordAttempt,
) -> Result<StoredPassword, Error> {
    let stored = app.store.db().find_password(user.id).await?;
    let turn = rate_limit::acquire(app, actor.client(), user.email.normalized().as_str(), Some(user)).await?;
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let verified = app.hasher.verify(current.clone(), hash).await;
    let verdict = turn.unless_failed(app, verified).await?;
    match stored {
        Some(stored) if verdict != PasswordCheck::Wrong => {
            turn.refund(app).await?;
            if current.is_abandoned() {
                return Err(HashError::Abandoned.into());
            }
            Ok(stored)
        }
        _ => {
            record_failed_attempt(
                app,
                actor,
                AuditAction::PasswordRefused,
                Ok(user),
                FailureReason::WrongPassword,
            )
            .await?;
            Err(Error::WrongPassword)
        }
    }
}
