//! Validating new passwords and verifying current ones.

use crate::{
    model::{Actor, AuditAction, EmailAddress, Password, PasswordAttempt, PasswordError, StoredPassword, User},
    ports::{CredentialRepo, HashError, PasswordCheck, Store, UserRepo},
    services::{
        App,
        audit::{AttemptedAccount, FailureReason, record_failed_attempt},
        error::Error,
        rate_limit,
    },
};

pub(crate) const PASSWORD_REFUSED: AuditAction = AuditAction::new(
    "password.refused",
    "An incorrect current password was sent, or an incorrect password with a link to verify an email address; `reason` is `wrong_password`",
);

/// Checks a new password for the account with this email address against the policy.
///
/// # Errors
/// [`PasswordError`].
pub fn validate_new_password<S>(
    app: &App<S>,
    text: &str,
    email: Option<&EmailAddress>,
) -> Result<Password, PasswordError> {
    let password = Password::parse(text, app.policy.password_min_length, email)?;
    let min_score = app.policy.password_min_score;
    if min_score > 0 {
        let user_inputs: Vec<&str> = email.map(EmailAddress::as_str).into_iter().collect();
        let strength = app.meter.measure(password.expose(), &user_inputs);
        if strength.score < min_score {
            return Err(PasswordError::Weak(strength.advice));
        }
    }
    Ok(password)
}

/// Verifies the actor's current password and returns the stored password. A transaction that relies on the result must
/// check that the stored password is still current. A failed attempt is recorded.
pub(crate) async fn verify_current_password<S: Store>(
    app: &App<S>,
    actor: &Actor,
    current: PasswordAttempt,
) -> Result<StoredPassword, Error> {
    let (id, _) = actor.signed_in()?;
    let user = app.store.db().find_user(id).await?;
    verify_password_of(app, actor, &user.ok_or(Error::not_found::<User>())?, current).await
}

/// Verifies the password of a user for an actor who may not be signed in. Otherwise the same as
/// [`verify_current_password`].
pub(crate) async fn verify_password_of<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: &User,
    current: PasswordAttempt,
) -> Result<StoredPassword, Error> {
    let stored = app.store.db().find_password(user.id).await?;
    let quota = rate_limit::acquire(app, actor.client(), user.email.normalized().as_str(), Some(user)).await?;
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let verified = app.hasher.verify(current.clone(), hash).await;
    let check = quota.refund_on_error(app, verified).await?;
    match stored {
        Some(stored) if check != PasswordCheck::Wrong => {
            quota.refund(app).await?;
            if current.is_abandoned() {
                return Err(HashError::Abandoned.into());
            }
            Ok(stored)
        }
        _ => {
            record_failed_attempt(
                app,
                actor,
                PASSWORD_REFUSED,
                AttemptedAccount::Known(user),
                FailureReason::WrongPassword,
            )
            .await?;
            Err(Error::WrongPassword)
        }
    }
}
