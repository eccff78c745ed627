//! Rows of the `roles` table.

use sea_orm::{
    ActiveValue::Set,
    DerivePartialModel, FromQueryResult, PartialModelTrait, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr},
};
use uuid::Uuid;
use vestibule_domain::{Description, Id, Role, RoleName, RoleRow, Timestamp};

use crate::{
    entity::{
        role::{ActiveModel, Column, Entity},
        user_role,
    },
    repo::{
        read_version,
        role_permissions::{read_permissions, select_permissions},
    },
};

/// The columns of a role, and its permissions.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub(super) struct Row {
    id: Uuid,
    name: String,
    description: Option<String>,
    requires_second_factor: bool,
    built_in: bool,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[sea_orm(from_expr = "select_permissions()")]
    permissions: Option<String>,
}

/// A row of a list of roles.
#[derive(FromQueryResult)]
pub(super) struct ListRow {
    #[sea_orm(nested)]
    role: Row,
    user_count: i64,
}

/// Not derived, because the derived implementation renames the columns of a nested struct.
impl PartialModelTrait for ListRow {
    fn select_cols_nested<S: QuerySelect>(select: S, prefix: Option<&str>, alias: Option<&'static str>) -> S {
        Row::select_cols_nested(select, prefix, alias).column_as(select_user_count(), "user_count")
    }
}

/// Selects the number of users who have the role of the row.
fn select_user_count() -> SimpleExpr {
    let count = Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from(user_role::Entity)
        .and_where(Expr::col((user_role::Entity, user_role::Column::RoleId)).equals((Entity, Column::Id)))
        .take();
    SimpleExpr::SubQuery(None, Box::new(count.into()))
}

pub(super) fn read_role(row: Row) -> Role {
    let Row {
        id,
        name,
        description,
        requires_second_factor,
        built_in,
        version,
        created_at,
        updated_at,
        permissions,
    } = row;
    let name = RoleName::new_unchecked(name);
    Role {
        id: Id::from_uuid(id),
        description: description.map(Description::new_unchecked),
        permissions: read_permissions(Some(name.as_str()), permissions.as_deref()),
        name,
        requires_second_factor,
        built_in,
        version: read_version(version),
        created_at,
        updated_at,
    }
}

pub(super) fn read_row(row: ListRow) -> RoleRow {
    let ListRow { role, user_count } = row;
    RoleRow {
        role: read_role(role),
        user_count: user_count.unsigned_abs(),
    }
}

pub(super) fn to_row(role: &Role) -> ActiveModel {
    let Role {
        id,
        name,
        description,
        permissions: _,
        requires_second_factor,
        built_in,
        version,
        created_at,
        updated_at,
    } = role;
    ActiveModel {
        id: Set(id.as_uuid()),
        name: Set(name.as_str().to_owned()),
        description: Set(description.as_ref().map(Description::as_str).map(str::to_owned)),
        requires_second_factor: Set(*requires_second_factor),
        built_in: Set(*built_in),
        version: Set(version.get().into()),
        created_at: Set(*created_at),
        updated_at: Set(*updated_at),
        name_version: Set(0),
        deleted_at: Set(None),
    }
}
