//! Setting a user's password from the command line.

use crate::{
    model::{Actor, AuditAction, AuditEvent, EmailKind, Id, Password, TokenPurpose, User},
    ports::{AuditRepo, ChallengeRepo, Commit, CredentialRepo, OneTimeTokenRepo, SessionRepo, Store, UserRepo},
    services::{App, error::Error, outbox::notify},
};

pub(super) const PASSWORD_SET: AuditAction = AuditAction::new(
    "password.set",
    "The operator set a user's password and all the user's sessions were revoked",
);

/// Sets the password of a user and revokes all sessions of the user. It is meant for the operator: it checks no
/// permission, and the HTTP API does not expose it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_password<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>, new: Password) -> Result<(), Error> {
    let hash = app.hasher.hash(new).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    tx.set_password_hash(id, &hash, now).await?;
    tx.revoke_sessions(id, None, now).await?;
    tx.delete_challenges(id).await?;
    for purpose in TokenPurpose::SETTING_PASSWORD {
        tx.delete_one_time_tokens(id, Some(purpose)).await?;
    }
    notify(app, &mut tx, EmailKind::PasswordChanged, &user, None, now).await?;
    let event = AuditEvent::new(app, now, actor, PASSWORD_SET).target(id);
    tx.insert_event(&event).await?;
    tx.commit().await?;
    Ok(())
}
