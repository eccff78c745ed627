//! Rows of the `roles` table.

use sea_orm::{
    ActiveValue::Set,
    DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;
use vestibule_domain::{Description, Id, Listed, Role, RoleName, RoleRow};

use crate::{
    entity::{
        role::{ActiveModel, Column, Entity},
        user_role,
    },
    repo::{
        read_version, readable,
        roles_aggregates::{read_permissions, select_role_permissions},
    },
};

/// The columns that [`read_role`] reads, in its order, followed by the permissions.
const COLUMNS: [Column; 7] = [
    Column::Id,
    Column::Name,
    Column::Description,
    Column::BuiltIn,
    Column::Version,
    Column::CreatedAt,
    Column::UpdatedAt,
];

pub(super) fn col(column: Column) -> Expr {
    Expr::col((Entity, column))
}

/// Returns a statement that reads roles with [`read_role`], without the deleted ones.
pub(super) fn select_roles() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(|column| (Entity, column)))
        .expr(select_role_permissions((Entity, Column::Id)))
        .from(Entity)
        .and_where(col(Column::DeletedAt).is_null())
        .take()
}

/// Selects the number of users who have the role of the row, which [`read_listed`] reads after the columns of
/// [`select_roles`].
pub(super) fn user_count() -> SimpleExpr {
    let count = Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from(user_role::Entity)
        .and_where(Expr::col((user_role::Entity, user_role::Column::RoleId)).equals((Entity, Column::Id)))
        .take();
    SimpleExpr::SubQuery(None, Box::new(count.into()))
}

pub(super) fn read_role(row: &QueryResult) -> Result<Role, DbErr> {
    let name = RoleName::new_unchecked(row.try_get_by_index(1)?);
    let version: i64 = row.try_get_by_index(4)?;
    let permissions: Option<String> = row.try_get_by_index(COLUMNS.len())?;
    Ok(Role {
        id: Id::from_uuid(row.try_get_by_index(0)?),
        description: row
            .try_get_by_index::<Option<String>>(2)?
            .map(Description::new_unchecked),
        permissions: read_permissions(std::slice::from_ref(&name), permissions.as_deref()),
        name,
        built_in: row.try_get_by_index(3)?,
        version: read_version(version),
        created_at: row.try_get_by_index(5)?,
        updated_at: row.try_get_by_index(6)?,
    })
}

fn read_row(row: &QueryResult) -> Result<RoleRow, DbErr> {
    let user_count: i64 = row.try_get_by_index(COLUMNS.len() + 1)?;
    Ok(RoleRow {
        role: read_role(row)?,
        user_count: user_count.unsigned_abs(),
    })
}

/// Reads a row of a page. An unreadable role is skipped; an unreadable position fails the page.
pub(super) fn read_listed(row: &QueryResult) -> Result<Listed<RoleRow, RoleName>, DbErr> {
    let (id, name): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(Listed {
        position: RoleName::new_unchecked(name),
        row: readable("roles", id, read_row(row)),
    })
}

pub(super) fn to_row(role: &Role) -> ActiveModel {
    let Role {
        id,
        name,
        description,
        permissions: _,
        built_in,
        version,
        created_at,
        updated_at,
    } = role;
    ActiveModel {
        id: Set(id.as_uuid()),
        name: Set(name.as_str().to_owned()),
        description: Set(description.as_ref().map(Description::as_str).map(str::to_owned)),
        built_in: Set(*built_in),
        version: Set(version.get().into()),
        created_at: Set(*created_at),
        updated_at: Set(*updated_at),
        name_version: Set(0),
        deleted_at: Set(None),
    }
}
