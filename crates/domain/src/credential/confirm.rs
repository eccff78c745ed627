//! Confirming that the person at the keyboard knows the password.

use crate::{
    Actor, App, Store,
    audit::Action,
    credential::{CredentialError, CredentialRepo, Password, PasswordHash, Reason, Verdict, note_refusal},
    throttle,
    user::{User, UserRepo},
};

/// Verifies the actor's password and returns the hash that it was verified against. A transaction that
/// relies on it checks that the hash is still the stored one. A wrong password is noted.
pub(crate) async fn confirm<S: Store>(
    app: &App<S>,
    actor: &Actor,
    current: Password,
) -> Result<PasswordHash, CredentialError> {
    let (id, _) = actor.signed_in()?;
    let user = app.store.conn().find_user(id).await?;
    confirm_of(app, actor, &user.ok_or(CredentialError::UserNotFound)?, current).await
}

/// The same for any user, whether the actor is signed in or not.
pub(crate) async fn confirm_of<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: &User,
    current: Password,
) -> Result<PasswordHash, CredentialError> {
    let hash = app.store.conn().find_password_hash(user.id).await?;
    let turn = throttle::admit(app, actor.origin(), user.email.key().as_str(), Some(user)).await?;
    let verified = app.hasher.verify(current, hash.clone()).await;
    let verdict = turn.unless_failed(app, verified).await?;
    match hash {
        Some(hash) if verdict != Verdict::Wrong => {
            turn.give_back(app).await?;
            Ok(hash)
        }
        _ => {
            note_refusal(app, actor, Action::PasswordRefused, Ok(user), Reason::WrongPassword).await?;
            Err(CredentialError::WrongPassword)
        }
    }
}
