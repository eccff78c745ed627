//! The permissions of a role, aggregated into one column, so that a role is one row.
//!
//! `string_agg` has the same name and meaning in PostgreSQL and in SQLite since 3.44. Names contain no
//! spaces, so a space separates them.

use sea_orm::sea_query::{Expr, SimpleExpr};
use vestibule_domain::{Permission, Permissions, RoleName};

/// The permissions of the role in `roles`. The permissions of `admin` are not stored.
pub(super) const PERMISSIONS: &str = r#"(SELECT string_agg("role_permissions"."permission", ' ')
    FROM "role_permissions" WHERE "role_permissions"."role_id" = "roles"."id")"#;

/// Selects [`PERMISSIONS`].
pub(super) fn select_permissions() -> SimpleExpr {
    Expr::cust(PERMISSIONS)
}

/// Reads [`PERMISSIONS`]. The role `admin` has all permissions.
pub(super) fn read_permissions(role: Option<&str>, aggregated: Option<&str>) -> Permissions {
    if role == Some(RoleName::ADMIN.as_str()) {
        return Permissions::All;
    }
    let names = aggregated.unwrap_or_default().split_ascii_whitespace();
    names.map(|name| Permission::new_unchecked(name.to_owned())).collect()
}
