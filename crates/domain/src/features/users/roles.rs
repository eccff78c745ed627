//! Replacing a user's roles.

use crate::{
    features::users::error::SetRolesError,
    model::{Actor, AuditAction, AuditEvent, Id, IfMatch, Permission, Role, RoleName, User},
    ports::{AuditRepo, Commit, RoleRepo, Store, UserRepo},
    services::{
        App,
        accounts::{close_setup_if_admin, ids_of, is_last_admin, permissions_of, resolve_roles},
        error::{Error, LastAdmin},
    },
};

pub(super) const ROLE_ASSIGNED: AuditAction = AuditAction::new(
    "role.assigned",
    "A user's roles were changed; `given` lists the assigned roles, `taken` the revoked ones",
);

/// Replaces the roles of a user. Requires `roles:assign`, every permission of the user unless it is the actor, and
/// every permission of the roles that are assigned or revoked.
///
/// # Errors
/// [`Error::Denied`], [`SetRolesError::UnknownRole`], [`Error::NotFound`], [`Error::Stale`],
/// [`SetRolesError::LastAdmin`].
pub async fn set_roles<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    names: &[RoleName],
    expected: IfMatch,
) -> Result<User, SetRolesError> {
    actor.require(&Permission::ROLES_ASSIGN)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let assigned = resolve_roles(names, tx.lock_roles(names).await?)?;
    close_setup_if_admin(&mut tx, &assigned, now).await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    actor.require_can_manage(id, &tx.permissions_of(id).await?)?;
    let current = tx.find_roles(&user.roles).await?;
    actor.require_all(&permissions_of(&difference(&assigned, &current)))?;
    actor.require_all(&permissions_of(&difference(&current, &assigned)))?;
    expected.check(user.version)?;

    let mut roles: Vec<_> = assigned.iter().map(|role| role.name.clone()).collect();
    roles.sort();
    if roles == user.roles {
        return Ok(user);
    }
    if !roles.contains(&RoleName::ADMIN) && is_last_admin(&tx, &app.policy, &user).await? {
        return Err(LastAdmin.into());
    }
    let changed = User { roles, ..user }.touched(now);
    tx.update_user(&changed).await?;
    tx.remove_roles(id).await?;
    tx.add_roles(&[id], &ids_of(&assigned)).await?;
    let names = |roles: Vec<Role>| roles.into_iter().map(|role| role.name);
    let event = AuditEvent::new(app, now, actor, ROLE_ASSIGNED).target(id);
    let event = event.detail_names("given", names(difference(&assigned, &current)));
    tx.insert_event(&event.detail_names("taken", names(difference(&current, &assigned))))
        .await?;
    tx.commit().await?;
    Ok(changed)
}

/// Returns the roles that `roles` contains and `other` does not.
fn difference(roles: &[Role], other: &[Role]) -> Vec<Role> {
    roles
        .iter()
        .filter(|role| other.iter().all(|other| other.id != role.id))
        .cloned()
        .collect()
}
