//! Deleting roles.

use crate::{
    features::roles::error::{BuiltIn, DeleteError},
    model::{Actor, AuditAction, AuditEvent, Id, IfMatch, Permission, Role},
    ports::{AuditRepo, Commit, RoleRepo, Store, StoreResult},
    services::{App, error::Error, purge::in_batches},
};

pub(super) const ROLE_DELETED: AuditAction =
    AuditAction::new("role.deleted", "A role was deleted and revoked from its users; `name`");

/// Deletes a role and revokes it from its users. Requires `roles:write` and every permission of the role.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Stale`], [`DeleteError::BuiltIn`], [`DeleteError::InUse`].
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, id: Id<Role>, expected: IfMatch) -> Result<(), DeleteError> {
    actor.require(&Permission::ROLES_WRITE)?;
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let role = tx.lock_role(id).await?.ok_or(Error::not_found::<Role>())?;
    actor.require_all(&role.permissions)?;
    expected.check(role.version)?;
    if role.built_in {
        return Err(BuiltIn.into());
    }
    let now = app.clock.now();
    tx.delete_role(id, now).await?;
    let event = AuditEvent::new(app, now, actor, ROLE_DELETED).target(id);
    tx.insert_event(&event.detail("name", role.name.as_str())).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes the remaining rows of deleted roles, in batches. Returns how many were deleted. This has no visible effect:
/// a deleted role is not shown and grants no permissions.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let mut deleted = 0;
    while let Some(role) = app.store.db().find_deleted_role().await? {
        deleted += in_batches(app, async |tx, limit| tx.remove_members(role, limit).await).await?;
    }
    Ok(deleted)
}
