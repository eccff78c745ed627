//! Removing an account.

use crate::{
    Actor, App, Commit, Id, IfMatch, Permission, Store,
    audit::{Action, AuditEvent, AuditRepo},
    credential::{CredentialRepo, PasswordAttempt, confirm},
    idempotency::IdempotencyRepo,
    role::RoleRepo,
    session::SessionRepo,
    user::{User, UserError, UserRepo, keep_an_administrator},
};

/// Removes any user for good. Needs `users:delete`, and every permission of that user.
///
/// # Errors
/// [`UserError::Denied`], [`UserError::NotFound`], [`UserError::Stale`], [`UserError::LastAdmin`].
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>, expected: IfMatch) -> Result<(), UserError> {
    actor.require(&Permission::USERS_DELETE)?;
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let user = tx.lock_user(id).await?.ok_or(UserError::NotFound)?;
    actor.require_reach(id, &tx.permissions_of(id).await?)?;
    expected.check(user.version)?;
    remove(app, actor, tx, &user).await
}

/// Removes the actor's own account for good.
///
/// # Errors
/// [`UserError::WrongPassword`] when `current` is not the password, [`UserError::LastAdmin`],
/// [`UserError::NotFound`].
pub async fn delete_own<S: Store>(app: &App<S>, actor: &Actor, current: PasswordAttempt) -> Result<(), UserError> {
    let (id, _) = actor.signed_in()?;
    let verified = confirm(app, actor, current).await?;
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let user = tx.lock_user(id).await?.ok_or(UserError::NotFound)?;
    if !verified.is_current(tx.find_password(id).await?.as_ref()) {
        return Err(UserError::WrongPassword);
    }
    remove(app, actor, tx, &user).await
}

async fn remove<S: Store>(app: &App<S>, actor: &Actor, mut tx: S::Tx, user: &User) -> Result<(), UserError> {
    let now = app.clock.now();
    keep_an_administrator(&tx, &app.policy, user).await?;
    tx.disown_sessions(user.id, now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, Action::UserDeleted).to(user.id))
        .await?;
    tx.forget_origins(user.id).await?;
    tx.forget_answers(user.id).await?;
    tx.delete_user(user.id).await?;
    tx.commit().await?;
    Ok(())
}
