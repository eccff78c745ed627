//! Making a role.

use crate::{
    Actor, App, Commit, Permission, Permissions, Store, Version,
    audit::{Action, AuditEvent, AuditRepo},
    idempotency::{self, Keep},
    role::{Description, Role, RoleError, RoleName, RoleRepo},
};

/// A role to be made.
#[derive(Debug)]
pub struct NewRole {
    /// Its name.
    pub name: RoleName,
    /// What it is for.
    pub description: Option<Description>,
    /// What it permits.
    pub permissions: Permissions,
}

/// Makes a role. Needs `roles:write`, and every permission that the role has.
///
/// # Errors
/// [`RoleError::Denied`], [`RoleError::NameTaken`].
pub async fn create<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: NewRole,
    keep: Option<Keep<'_, Role>>,
) -> Result<Role, RoleError> {
    actor.require(&Permission::ROLES_WRITE)?;
    actor.require_all(&new.permissions)?;
    let now = app.clock.now();
    let role = Role {
        id: app.mint(now),
        name: new.name,
        description: new.description,
        permissions: new.permissions,
        built_in: false,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    let mut tx = app.store.begin().await?;
    tx.insert_role(&role).await?;
    let event = AuditEvent::new(app, now, actor, Action::RoleCreated).to(role.id);
    tx.insert_event(&role.told_in(event)).await?;
    idempotency::keep(app, &mut tx, keep, (role.id.as_uuid(), &role)).await?;
    tx.commit().await?;
    Ok(role)
}
