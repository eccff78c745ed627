//! Changing your own password.

use crate::{
    model::{Actor, AuditAction, AuditEvent, EmailKind, Password, PasswordAttempt, TokenPurpose, User},
    ports::{AuditRepo, Commit, CredentialRepo, OneTimeTokenRepo, SessionRepo, Store, UserRepo},
    services::{App, error::Error, outbox::notify, passwords::verify_current_password},
};

pub(super) const PASSWORD_CHANGED: AuditAction = AuditAction::new(
    "password.changed",
    "A user changed their password and their other sessions were revoked",
);

/// A change of the actor's password.
#[derive(Debug)]
pub struct ChangePassword {
    /// The current password.
    pub current: PasswordAttempt,
    /// The new password.
    pub new: Password,
}

/// Changes the actor's password, and revokes the actor's other sessions and all links to set a password.
///
/// # Errors
/// [`Error::WrongPassword`] if `current` is incorrect or was changed in the meantime; [`Error::NotFound`] if the actor
/// was deleted in the meantime.
pub async fn change_password<S: Store>(app: &App<S>, actor: &Actor, passwords: ChangePassword) -> Result<(), Error> {
    let (id, session) = actor.signed_in()?;
    let verified = verify_current_password(app, actor, passwords.current).await?;
    let hash = app.hasher.hash(passwords.new).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    if !verified.is_current(tx.find_password(id).await?.as_ref()) {
        return Err(Error::WrongPassword);
    }
    tx.set_password_hash(id, &hash, now).await?;
    tx.revoke_sessions(id, Some(session), now).await?;
    for purpose in TokenPurpose::SETTING_PASSWORD {
        tx.delete_one_time_tokens(id, Some(purpose)).await?;
    }
    notify(app, &mut tx, EmailKind::PasswordChanged, &user, None, now).await?;
    let event = AuditEvent::new(app, now, actor, PASSWORD_CHANGED).target(id);
    tx.insert_event(&event).await?;
    tx.commit().await?;
    Ok(())
}
