//! Confirming that the person at the keyboard knows the password.

use crate::{
    Actor, App, Store,
    audit::Action,
    credential::{
        CredentialError, CredentialRepo, HashError, PasswordAttempt, Reason, StoredPassword, Verdict, note_refusal,
    },
    throttle,
    user::{User, UserRepo},
};

/// Verifies the actor's password and returns what it was verified against. A transaction that relies on it
/// checks that this is still the current password. A wrong password is noted.
pub(crate) async fn confirm<S: Store>(
    app: &App<S>,
    actor: &Actor,
    current: PasswordAttempt,
) -> Result<StoredPassword, CredentialError> {
    let (id, _) = actor.signed_in()?;
    let user = app.store.conn().find_user(id).await?;
    confirm_of(app, actor, &user.ok_or(CredentialError::UserNotFound)?, current).await
}

/// The same for any user, whether the actor is signed in or not.
pub(crate) async fn confirm_of<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: &User,
    current: PasswordAttempt,
) -> Result<StoredPassword, CredentialError> {
    let stored = app.store.conn().find_password(user.id).await?;
    let turn = throttle::admit(app, actor.origin(), user.email.key().as_str(), Some(user)).await?;
    let hash = stored.as_ref().map(|stored| stored.hash.clone());
    let verified = app.hasher.verify(current.clone(), hash).await;
    let verdict = turn.unless_failed(app, verified).await?;
    match stored {
        Some(stored) if verdict != Verdict::Wrong => {
            turn.give_back(app).await?;
            if current.is_abandoned() {
                return Err(HashError::Abandoned.into());
            }
            Ok(stored)
        }
        _ => {
            note_refusal(app, actor, Action::PasswordRefused, Ok(user), Reason::WrongPassword).await?;
            Err(CredentialError::WrongPassword)
        }
    }
}
