//! Lists of names in one column, so that a user or a role is one row.
//!
//! `string_agg` has the same name and meaning in PostgreSQL and in SQLite since 3.44. Names contain no
//! blank, so a blank joins them.

use sea_orm::sea_query::{
    Alias, BinOper, CaseStatement, Expr, ExprTrait, Func, IntoColumnRef, IntoIden, Query, SelectStatement, SimpleExpr,
};
use vestibule_domain::{Permission, Permissions, RoleName};

use crate::entity::{role, role_permission, user_role};

/// The names of the roles of the user in this column, each with a slash and the version of the name.
/// A deleted role, whose users' rows are not removed yet, has no name here, but still a version.
pub(super) fn role_names_of(user: impl IntoColumnRef) -> SimpleExpr {
    let of = |column| Expr::col((role::Entity, column));
    let name: Expr = CaseStatement::new()
        .case(of(role::Column::DeletedAt).is_null(), of(role::Column::Name))
        .finally(Expr::cust("''"))
        .into();
    let concat = || BinOper::Custom("||");
    let name = name
        .binary(concat(), Expr::cust("'/'"))
        .binary(concat(), of(role::Column::NameVersion));
    subquery(
        Query::select()
            .expr(joined(name))
            .from(user_role::Entity)
            .inner_join(
                role::Entity,
                Expr::col((role::Entity, role::Column::Id)).equals((user_role::Entity, user_role::Column::RoleId)),
            )
            .and_where(Expr::col((user_role::Entity, user_role::Column::UserId)).eq(Expr::col(user)))
            .take(),
    )
}

/// The permissions of the user in this column, save what only `admin` gives.
pub(super) fn permission_names_of(user: impl IntoColumnRef) -> SimpleExpr {
    subquery(
        Query::select()
            .expr(joined(Expr::col((
                role_permission::Entity,
                role_permission::Column::Permission,
            ))))
            .from(user_role::Entity)
            .inner_join(
                role_permission::Entity,
                Expr::col((role_permission::Entity, role_permission::Column::RoleId))
                    .equals((user_role::Entity, user_role::Column::RoleId)),
            )
            .and_where(Expr::col((user_role::Entity, user_role::Column::UserId)).eq(Expr::col(user)))
            .take(),
    )
}

/// The permissions of the role in this column.
pub(super) fn permission_names_of_role(role: impl IntoColumnRef) -> SimpleExpr {
    subquery(
        Query::select()
            .expr(joined(Expr::col((
                role_permission::Entity,
                role_permission::Column::Permission,
            ))))
            .from(role_permission::Entity)
            .and_where(Expr::col((role_permission::Entity, role_permission::Column::RoleId)).eq(Expr::col(role)))
            .take(),
    )
}

fn joined(text: Expr) -> SimpleExpr {
    Func::cust(Alias::new("string_agg").into_iden())
        .args([text, Expr::cust("' '")])
        .into()
}

fn subquery(select: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}

/// The roles of a user.
pub(super) struct UserRoles {
    /// Their names, sorted.
    pub(super) names: Vec<RoleName>,
    /// What the changes of these names add to the version of the user.
    pub(super) version: i64,
}

/// Reads what [`role_names_of`] has joined.
pub(super) fn read_role_names(joined: Option<&str>) -> UserRoles {
    let (mut names, mut version) = (Vec::new(), 0_i64);
    for (name, changes) in split(joined).filter_map(|role| role.split_once('/')) {
        version = version.saturating_add(changes.parse().unwrap_or_default());
        if !name.is_empty() {
            names.push(RoleName::new_unchecked(name.to_owned()));
        }
    }
    names.sort();
    UserRoles { names, version }
}

/// The permissions of somebody with these roles, whose own permissions were joined.
pub(super) fn read_permissions(roles: &[RoleName], joined: Option<&str>) -> Permissions {
    if roles.contains(&RoleName::ADMIN) {
        return Permissions::All;
    }
    split(joined)
        .map(|name| Permission::new_unchecked(name.to_owned()))
        .collect()
}

fn split(joined: Option<&str>) -> impl Iterator<Item = &str> {
    joined.unwrap_or_default().split_ascii_whitespace()
}
