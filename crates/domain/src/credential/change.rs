//! Changing one's password.

use crate::{
    Actor, App, Commit, Store,
    audit::{Action, AuditEvent, AuditRepo},
    credential::{CredentialError, CredentialRepo, Password, confirm},
    session::SessionRepo,
    user::UserRepo,
};

/// A change of one's own password.
#[derive(Debug)]
pub struct ChangePassword {
    /// The password until now.
    pub current: Password,
    /// The one from now on.
    pub new: Password,
}

/// Changes the actor's password and ends the actor's other sessions.
///
/// # Errors
/// [`CredentialError::WrongPassword`] when `current` is not the password, also when it was changed in
/// the meantime; [`CredentialError::UserNotFound`] when the actor was deleted in the meantime.
pub async fn change<S: Store>(app: &App<S>, actor: &Actor, passwords: ChangePassword) -> Result<(), CredentialError> {
    let (user, session) = actor.signed_in()?;
    let verified = confirm(app, actor, passwords.current).await?;
    let hash = app.hasher.hash(passwords.new).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.lock_user(user).await?.ok_or(CredentialError::UserNotFound)?;
    if tx.find_password_hash(user).await?.as_ref() != Some(&verified) {
        return Err(CredentialError::WrongPassword);
    }
    tx.set_password_hash(user, &hash, now).await?;
    tx.revoke_sessions(user, Some(session), now).await?;
    let event = AuditEvent::new(app, now, actor, Action::PasswordChanged).to(user);
    tx.insert_event(&event).await?;
    tx.commit().await?;
    Ok(())
}
