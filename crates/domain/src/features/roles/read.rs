//! Reading roles and permissions.

use std::collections::BTreeMap;

use crate::{
    model::{Actor, Id, ListRoles, Page, Permission, Position, Role, RoleRow},
    ports::{RoleRepo, Store},
    services::{
        App,
        error::Error,
        pages::{COUNT_BOUND, page},
    },
};

/// Returns one page of roles, sorted by name. The first page includes the total. Requires `roles:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListRoles,
) -> Result<Page<RoleRow, Position<Role>>, Error> {
    actor.require(&Permission::ROLES_READ)?;
    let db = app.store.db();
    let rows = db.list_roles(list.after.as_ref(), list.limit).await?;
    Ok(page(list, rows, COUNT_BOUND, db.count_roles(COUNT_BOUND)).await?)
}

/// Returns a role. Requires `roles:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn get<S: Store>(app: &App<S>, actor: &Actor, id: Id<Role>) -> Result<Role, Error> {
    actor.require(&Permission::ROLES_READ)?;
    app.store.db().find_role(id).await?.ok_or(Error::not_found::<Role>())
}

/// Returns the built-in permissions with their descriptions, and the permissions of other applications that at least
/// one role has. Requires `roles:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list_permissions<S: Store>(
    app: &App<S>,
    actor: &Actor,
) -> Result<BTreeMap<Permission, Option<&'static str>>, Error> {
    actor.require(&Permission::ROLES_READ)?;
    let used = app
        .store
        .db()
        .list_permissions()
        .await?
        .into_iter()
        .map(|permission| (permission, None));
    let built_in = Permission::BUILT_IN
        .iter()
        .map(|(permission, description)| (permission.clone(), Some(*description)));
    Ok(used.chain(built_in).collect())
}
