//! Creating roles.

use crate::{
    features::roles::error::CreateError,
    model::{Actor, AuditAction, AuditEvent, Description, Permission, Permissions, Role, RoleName, Version},
    ports::{AuditRepo, Commit, RoleRepo, Store},
    services::{
        App,
        idempotency::{self, PendingResponse},
    },
};

pub(super) const ROLE_CREATED: AuditAction = AuditAction::new(
    "role.created",
    "A role was created; `name`, `permissions`, `requires_second_factor`",
);

/// A role to create.
#[derive(Debug)]
pub struct NewRole {
    /// Its name.
    pub name: RoleName,
    /// Its description.
    pub description: Option<Description>,
    /// Its permissions.
    pub permissions: Permissions,
    /// True if its permissions are in force only for users with a second factor.
    pub requires_second_factor: bool,
}

/// Creates a role. Requires `roles:write` and every permission of the role.
///
/// # Errors
/// [`Error::Denied`](crate::Error::Denied), [`CreateError::NameTaken`].
pub async fn create<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: NewRole,
    response: Option<&PendingResponse<Role>>,
) -> Result<Role, CreateError> {
    actor.require(&Permission::ROLES_WRITE)?;
    actor.require_all(&new.permissions)?;
    let now = app.clock.now();
    let role = Role {
        id: app.new_id(now),
        name: new.name,
        description: new.description,
        permissions: new.permissions,
        requires_second_factor: new.requires_second_factor,
        built_in: false,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    let mut tx = app.store.begin().await?;
    tx.insert_role(&role).await?;
    let event = AuditEvent::new(app, now, actor, ROLE_CREATED).target(role.id);
    tx.insert_event(&event.role_details(&role)).await?;
    idempotency::finish(app, &mut tx, response, (role.id.as_uuid(), &role)).await?;
    tx.commit().await?;
    Ok(role)
}
