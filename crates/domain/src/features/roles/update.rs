//! Updating roles.

use crate::{
    features::roles::error::{BuiltIn, NoSecondFactor, UpdateError},
    model::{Actor, AuditAction, AuditEvent, Description, Id, IfMatch, Patch, Permission, Permissions, Role, RoleName},
    ports::{AuditRepo, Commit, FactorRepo, RoleRepo, Store},
    services::{App, error::Error},
};

pub(super) const ROLE_UPDATED: AuditAction = AuditAction::new(
    "role.updated",
    "A role was updated; `name`, `permissions`, `requires_second_factor`",
);

/// Changes of a role; `None` leaves a field unchanged.
#[derive(Debug, Default)]
pub struct RoleChanges {
    /// The new name.
    pub name: Option<RoleName>,
    /// The new description.
    pub description: Patch<Description>,
    /// The new permissions.
    pub permissions: Option<Permissions>,
    /// True if its permissions are in force only for users with a second factor.
    pub requires_second_factor: Option<bool>,
}

impl RoleChanges {
    fn apply(self, role: Role) -> Role {
        let Self {
            name,
            description,
            permissions,
            requires_second_factor,
        } = self;
        Role {
            name: name.unwrap_or(role.name),
            description: description.apply(role.description),
            permissions: permissions.unwrap_or(role.permissions),
            requires_second_factor: requires_second_factor.unwrap_or(role.requires_second_factor),
            ..role
        }
    }
}

/// Updates a role. Requires `roles:write` and every permission that the role has before or after the change.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Stale`], [`UpdateError::NameTaken`];
/// [`UpdateError::BuiltIn`] for a new name of `member`, and for any change of `admin` except whether it requires a second
/// factor; [`UpdateError::NoSecondFactor`] if `admin` is to require one and the actor has none.
pub async fn update<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<Role>,
    changes: RoleChanges,
    expected: IfMatch,
) -> Result<Role, UpdateError> {
    actor.require(&Permission::ROLES_WRITE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let role = tx.lock_role(id).await?.ok_or(Error::not_found::<Role>())?;
    let changed = changes.apply(role.clone());
    actor.require_all(&role.permissions)?;
    actor.require_all(&changed.permissions)?;
    expected.check(role.version)?;
    if changed == role {
        return Ok(role);
    }
    let is_allowed = match (role.built_in, &role.name) {
        (false, _) => true,
        (true, name) if *name == RoleName::ADMIN => {
            let requires_second_factor = changed.requires_second_factor;
            changed
                == Role {
                    requires_second_factor,
                    ..role.clone()
                }
        }
        (true, name) => changed.name == *name,
    };
    if !is_allowed {
        return Err(BuiltIn.into());
    }
    // The administrator would otherwise lose every permission with this change.
    if role.name == RoleName::ADMIN
        && changed.requires_second_factor
        && let Ok((user, _)) = actor.signed_in()
        && !tx.has_second_factor(user).await?
    {
        return Err(NoSecondFactor.into());
    }
    let changed = Role {
        version: role.version.next(),
        updated_at: now,
        ..changed
    };
    tx.update_role(&changed).await?;
    let event = AuditEvent::new(app, now, actor, ROLE_UPDATED).target(id);
    tx.insert_event(&event.role_details(&changed)).await?;
    tx.commit().await?;
    Ok(changed)
}
