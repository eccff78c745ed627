//! Names of roles and permissions, aggregated into one column, so that a user or a role is one row.
//!
//! `string_agg` has the same name and meaning in PostgreSQL and in SQLite since 3.44. Names contain no
//! spaces, so a space separates them.

use sea_orm::sea_query::{
    Alias, BinOper, CaseStatement, Expr, ExprTrait, Func, IntoColumnRef, IntoIden, Query, SelectStatement, SimpleExpr,
};
use vestibule_domain::{Permission, Permissions, RoleName};

use crate::entity::{role, role_permission, user_role};

/// Selects the roles of the user whose ID is in this column, each as its name, a slash and the name's version. The name
/// of a deleted role that still has members is empty.
pub(super) fn select_role_names(user: impl IntoColumnRef) -> SimpleExpr {
    let col = |column| Expr::col((role::Entity, column));
    let name: Expr = CaseStatement::new()
        .case(col(role::Column::DeletedAt).is_null(), col(role::Column::Name))
        .finally(Expr::cust("''"))
        .into();
    let concat = || BinOper::Custom("||");
    let name_and_version = name
        .binary(concat(), Expr::cust("'/'"))
        .binary(concat(), col(role::Column::NameVersion));
    subquery(
        Query::select()
            .expr(aggregate(name_and_version))
            .from(user_role::Entity)
            .inner_join(
                role::Entity,
                Expr::col((role::Entity, role::Column::Id)).equals((user_role::Entity, user_role::Column::RoleId)),
            )
            .and_where(Expr::col((user_role::Entity, user_role::Column::UserId)).eq(Expr::col(user)))
            .take(),
    )
}

/// Selects the permissions of the user whose ID is in this column. The permissions of `admin` are not stored.
pub(super) fn select_user_permissions(user: impl IntoColumnRef) -> SimpleExpr {
    subquery(
        Query::select()
            .expr(aggregate(Expr::col((
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

/// Selects the permissions of the role whose ID is in this column.
pub(super) fn select_role_permissions(role: impl IntoColumnRef) -> SimpleExpr {
    subquery(
        Query::select()
            .expr(aggregate(Expr::col((
                role_permission::Entity,
                role_permission::Column::Permission,
            ))))
            .from(role_permission::Entity)
            .and_where(Expr::col((role_permission::Entity, role_permission::Column::RoleId)).eq(Expr::col(role)))
            .take(),
    )
}

fn aggregate(text: Expr) -> SimpleExpr {
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
    /// The sum of the versions of the names, which is a part of the user's version.
    pub(super) version: i64,
}

/// Reads the column of [`select_role_names`].
pub(super) fn read_role_names(aggregated: Option<&str>) -> UserRoles {
    let (mut names, mut version) = (Vec::new(), 0_i64);
    for (name, name_version) in split(aggregated).filter_map(|role| role.split_once('/')) {
        version = version.saturating_add(name_version.parse().unwrap_or_default());
        if !name.is_empty() {
            names.push(RoleName::new_unchecked(name.to_owned()));
        }
    }
    names.sort();
    UserRoles { names, version }
}

/// Reads the column of [`select_user_permissions`] or [`select_role_permissions`]. The role `admin` has all
/// permissions.
pub(super) fn read_permissions(roles: &[RoleName], aggregated: Option<&str>) -> Permissions {
    if roles.contains(&RoleName::ADMIN) {
        return Permissions::All;
    }
    split(aggregated)
        .map(|name| Permission::new_unchecked(name.to_owned()))
        .collect()
}

fn split(aggregated: Option<&str>) -> impl Iterator<Item = &str> {
    aggregated.unwrap_or_default().split_ascii_whitespace()
}
