//! Giving roles to a user.

use crate::{
    Actor, App, Commit, Id, IfMatch, Permission, Store,
    audit::{Action, AuditEvent, AuditRepo},
    installation::close_setup_with,
    role::{Role, RoleName, RoleRepo},
    user::{User, UserError, UserRepo, ids_of, keep_an_administrator, permissions_of, roles_to_give},
};

/// Replaces the roles of a user. Needs `roles:assign`, every permission of that user, and every
/// permission of the roles that are given or taken, also when the user is oneself.
///
/// # Errors
/// [`UserError::Denied`], [`UserError::UnknownRole`], [`UserError::NotFound`], [`UserError::Stale`],
/// [`UserError::LastAdmin`].
pub async fn assign<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    names: &[RoleName],
    expected: IfMatch,
) -> Result<User, UserError> {
    actor.require(&Permission::ROLES_ASSIGN)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let wanted = roles_to_give(names, tx.lock_roles(names).await?)?;
    close_setup_with(&mut tx, &wanted, now).await?;
    let user = tx.lock_user(id).await?.ok_or(UserError::NotFound)?;
    actor.require_reach(id, &tx.permissions_of(id).await?)?;
    let held = tx.find_roles(&user.roles).await?;
    actor.require_all(&permissions_of(&difference(&wanted, &held)))?;
    actor.require_all(&permissions_of(&difference(&held, &wanted)))?;
    expected.check(user.version)?;

    let mut roles: Vec<_> = wanted.iter().map(|role| role.name.clone()).collect();
    roles.sort();
    if roles == user.roles {
        return Ok(user);
    }
    if !roles.contains(&RoleName::ADMIN) {
        keep_an_administrator(&tx, &app.policy, &user).await?;
    }
    let changed = User { roles, ..user }.touched(now);
    tx.update_user(&changed).await?;
    tx.take_roles(id).await?;
    tx.give_roles(&[id], &ids_of(&wanted)).await?;
    let names = |roles: Vec<Role>| roles.into_iter().map(|role| role.name);
    let event = AuditEvent::new(app, now, actor, Action::RoleAssigned).to(id);
    let event = event.naming("given", names(difference(&wanted, &held)));
    tx.insert_event(&event.naming("taken", names(difference(&held, &wanted))))
        .await?;
    tx.commit().await?;
    Ok(changed)
}

/// The roles that are among `these` but not among `those`.
fn difference(these: &[Role], those: &[Role]) -> Vec<Role> {
    these
        .iter()
        .filter(|role| those.iter().all(|other| other.id != role.id))
        .cloned()
        .collect()
}
