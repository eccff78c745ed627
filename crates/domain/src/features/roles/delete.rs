//! Deleting roles.

use crate::{
    features::roles::error::RoleError,
    model::{Actor, AuditAction, AuditEvent, Id, IfMatch, Permission, Role},
    ports::{AuditRepo, Commit, RoleRepo, Store, StoreResult},
    services::{
        App,
        error::{Error, Resource},
        purge::in_batches,
    },
};

/// Removes a role and takes it from its users. Needs `roles:write`, and every permission of the role.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Stale`], [`RoleError::BuiltIn`].
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, id: Id<Role>, expected: IfMatch) -> Result<(), RoleError> {
    actor.require(&Permission::ROLES_WRITE)?;
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let role = tx.lock_role(id).await?.ok_or(Error::NotFound(Resource::Role))?;
    actor.require_all(&role.permissions)?;
    expected.check(role.version)?;
    if role.built_in {
        return Err(RoleError::BuiltIn);
    }
    let now = app.clock.now();
    tx.delete_role(id, now).await?;
    let event = AuditEvent::new(app, now, actor, AuditAction::RoleDeleted).target(id);
    tx.insert_event(&event.detail("name", role.name.as_str())).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes the users' rows of deleted roles, in batches. Returns their number. Nothing changes for anybody:
/// a deleted role shows nowhere and permits nothing from its deletion on.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let mut removed = 0;
    while let Some(role) = app.store.db().find_deleted_role().await? {
        removed += in_batches(app, async |tx, limit| tx.remove_members(role, limit).await).await?;
    }
    Ok(removed)
}
