//! Removing a role.

use crate::{
    Actor, App, Commit, Id, IfMatch, Permission, Store,
    audit::{Action, AuditEvent, AuditRepo},
    role::{Role, RoleError, RoleRepo},
};

/// Removes a role and takes it from its users. Needs `roles:write`, and every permission of the role.
///
/// # Errors
/// [`RoleError::Denied`], [`RoleError::NotFound`], [`RoleError::Stale`], [`RoleError::BuiltIn`].
pub async fn delete<S: Store>(app: &App<S>, actor: &Actor, id: Id<Role>, expected: IfMatch) -> Result<(), RoleError> {
    actor.require(&Permission::ROLES_WRITE)?;
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let role = tx.lock_role(id).await?.ok_or(RoleError::NotFound)?;
    actor.require_all(&role.permissions)?;
    expected.check(role.version)?;
    if role.built_in {
        return Err(RoleError::BuiltIn);
    }
    let now = app.clock.now();
    tx.delete_role(id, now).await?;
    let event = AuditEvent::new(app, now, actor, Action::RoleDeleted).to(id);
    tx.insert_event(&event.saying("name", role.name.as_str())).await?;
    tx.commit().await?;
    Ok(())
}
