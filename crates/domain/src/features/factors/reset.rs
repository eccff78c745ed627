//! Removing all second factors of a user who can no longer use them.

use crate::{
    features::factors::error::{LastCredential, RemoveFactorError},
    model::{Actor, AuditAction, AuditEvent, EmailKind, Id, Permission, User},
    ports::{
        AuditRepo, ChallengeRepo, Commit, CredentialRepo, FactorRepo, Repositories, RoleRepo, SessionRepo, Store,
        StoreResult, UserRepo,
    },
    services::{App, error::Error, factors::update_second_factor, outbox::notify, step_up::require_fresh},
};

pub(super) const FACTORS_RESET: AuditAction = AuditAction::new(
    "factors.reset",
    "All second factors of a user were removed by an administrator or the operator, and all the user's sessions were revoked",
);

/// Removes all second factors of a user and revokes the user's sessions. Requires `users:write`, every permission of the
/// user, and a recent proof of identity.
///
/// # Errors
/// [`Error::Denied`], [`Error::StepUpRequired`], [`Error::NotFound`]; [`RemoveFactorError::LastCredential`] if the user has
/// no password, so that a passkey is the only way to sign in.
pub async fn reset<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>) -> Result<(), RemoveFactorError> {
    actor.require(&Permission::USERS_WRITE)?;
    require_fresh(app, actor).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    actor.require_can_manage(id, &tx.permissions_of(id).await?)?;
    let has_passkeys = !tx.list_passkeys(id).await?.is_empty();
    if has_passkeys && tx.find_password(id).await?.is_none() {
        return Err(LastCredential.into());
    }
    let had_factors = remove_all(&mut tx, id).await?;
    tx.revoke_sessions(id, None, now).await?;
    tx.delete_challenges(id).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, FACTORS_RESET).target(id))
        .await?;
    if had_factors {
        notify(app, &mut tx, EmailKind::FactorsReset, &user, None, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes the factors of a user. Returns whether there were any.
async fn remove_all(tx: &mut impl Repositories, user: Id<User>) -> StoreResult<bool> {
    let had_factors = tx.has_second_factor(user).await?;
    tx.delete_totp(user).await?;
    for passkey in tx.list_passkeys(user).await? {
        tx.delete_passkey(passkey.id).await?;
    }
    update_second_factor(tx, user).await?;
    Ok(had_factors)
}
