//! Confirming that the person at the keyboard knows the password.

use crate::{
    Actor, App, Store,
    audit::Action,
    credential::{CredentialError, CredentialRepo, Password, PasswordHash, Reason, Verdict, note_refusal},
    throttle,
    user::UserRepo,
};

/// Verifies the actor's password and returns the hash that it was verified against. A transaction that
/// relies on it checks that the hash is still the stored one. A wrong password is noted.
pub(crate) async fn confirm<S: Store>(
    app: &App<S>,
    actor: &Actor,
    current: Password,
) -> Result<PasswordHash, CredentialError> {
    let (id, _) = actor.signed_in()?;
    let conn = app.store.conn();
    let user = conn.find_user(id).await?.ok_or(CredentialError::UserNotFound)?;
    let hash = conn.find_password_hash(id).await?;
    let turn = throttle::admit(app, actor.origin(), user.email.key().as_str(), Some(&user)).await?;
    let verdict = app.hasher.verify(current, hash.clone()).await?;
    match hash {
        Some(hash) if verdict != Verdict::Wrong => {
            turn.give_back(app).await?;
            Ok(hash)
        }
        _ => {
            note_refusal(app, actor, Action::PasswordRefused, Ok(&user), Reason::WrongPassword).await?;
            Err(CredentialError::WrongPassword)
        }
    }
}
