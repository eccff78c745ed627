//! Reading roles and permissions.

use std::{collections::BTreeMap, num::NonZeroU32};

use crate::{
    model::{Actor, Id, Limit, Page, Permission, Role, RoleName, RoleRow, Total},
    ports::{RoleRepo, Store},
    services::{
        App,
        error::{Error, Resource},
    },
};

/// Counting goes no further than this.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// One page of roles by name, after the role with the name `after`; counted on the first page. Needs
/// `roles:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    after: Option<&RoleName>,
    limit: Limit,
) -> Result<Page<RoleRow, RoleName>, Error> {
    actor.require(&Permission::ROLES_READ)?;
    let conn = app.store.db();
    let rows = conn.list_roles(after, limit).await?;
    let total = match after {
        Some(_) => None,
        None => match limit.total_of_first(&rows) {
            Some(total) => Some(total),
            None => Some(Total::bounded(conn.count_roles(COUNT_BOUND).await?, COUNT_BOUND)),
        },
    };
    Ok(Page::cut(rows, limit, total))
}

/// A role. Needs `roles:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn get<S: Store>(app: &App<S>, actor: &Actor, id: Id<Role>) -> Result<Role, Error> {
    actor.require(&Permission::ROLES_READ)?;
    app.store
        .db()
        .find_role(id)
        .await?
        .ok_or(Error::NotFound(Resource::Role))
}

/// The built-in permissions, each with a line about it, and those of other applications that some role
/// has; by name. Needs `roles:read`.
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
        .into_iter()
        .map(|(permission, about)| (permission, Some(about)));
    Ok(used.chain(built_in).collect())
}
