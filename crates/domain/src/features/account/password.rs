//! Changing your own password.

use crate::{
    model::{Actor, AuditAction, AuditEvent, EmailKind, Password, PasswordAttempt, TokenPurpose, User},
    ports::{AuditRepo, ChallengeRepo, Commit, CredentialRepo, OneTimeTokenRepo, SessionRepo, Store, UserRepo},
    services::{
        App,
        error::Error,
        outbox::notify,
        step_up::{is_still_current, verify_password_or_fresh},
    },
};

pub(super) const PASSWORD_CHANGED: AuditAction = AuditAction::new(
    "password.changed",
    "A user changed their password and their other sessions were revoked",
);

/// A change of the actor's password.
#[derive(Debug)]
pub struct ChangePassword {
    /// The current password; without it, a recent proof of identity is required.
    pub current: Option<PasswordAttempt>,
    /// The new password.
    pub new: Password,
}

/// Changes the actor's password, and revokes the actor's other sessions and all links to set a password.
///
/// # Errors
/// [`Error::WrongPassword`] if `current` is incorrect or was changed in the meantime; [`Error::StepUpRequired`] if it is
/// missing and the last proof is too old; [`Error::NotFound`] if the actor was deleted in the meantime.
pub async fn change_password<S: Store>(app: &App<S>, actor: &Actor, passwords: ChangePassword) -> Result<(), Error> {
    let (id, session) = actor.signed_in()?;
    let verified = verify_password_or_fresh(app, actor, passwords.current).await?;
    let hash = app.hasher.hash(passwords.new).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    if !is_still_current(&tx, id, verified.as_ref()).await? {
        return Err(Error::WrongPassword);
    }
    tx.set_password_hash(id, &hash, now).await?;
    tx.revoke_sessions(id, Some(session), now).await?;
    tx.delete_challenges(id).await?;
    for purpose in TokenPurpose::SETTING_PASSWORD {
        tx.delete_one_time_tokens(id, Some(purpose)).await?;
    }
    notify(app, &mut tx, EmailKind::PasswordChanged, &user, None, now).await?;
    let event = AuditEvent::new(app, now, actor, PASSWORD_CHANGED).target(id);
    tx.insert_event(&event).await?;
    tx.commit().await?;
    Ok(())
}
