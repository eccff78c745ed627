//! Roles and their members.

use std::num::NonZeroU32;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, LockType, Order, Query, SimpleExpr},
};
use uuid::Uuid;
use vestibule_domain::{
    Id, Limit, Listed, Permission, Permissions, Role, RoleName, RoleRepo, RoleRow, StoreResult, Timestamp, User,
};

use crate::{
    SeaRepositories,
    entity::{
        role::{ActiveModel, Column, Entity},
        role_permission, user, user_role,
    },
    error::IntoStoreResult,
    repo::{
        ROWS_PER_INSERT,
        roles_aggregates::{read_permissions, read_role_names, select_role_names, select_user_permissions},
        roles_row::{col, read_listed, read_role, select_roles, to_row, user_count},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> RoleRepo for SeaRepositories<C> {
    async fn find_role(&self, id: Id<Role>) -> StoreResult<Option<Role>> {
        let select = select_roles().and_where(col(Column::Id).eq(id.as_uuid())).take();
        let row = self.db.query_one(&select).await.into_store_result()?;
        row.map(|row| read_role(&row)).transpose().into_store_result()
    }

    async fn find_roles(&self, names: &[RoleName]) -> StoreResult<Vec<Role>> {
        let select = select_roles().and_where(is_named(names)).take();
        let rows = self.db.query_all(&select).await.into_store_result()?;
        rows.iter().map(read_role).collect::<Result<_, _>>().into_store_result()
    }

    async fn list_roles(&self, after: Option<&RoleName>, limit: Limit) -> StoreResult<Vec<Listed<RoleRow, RoleName>>> {
        let mut select = select_roles();
        select
            .expr(user_count())
            .order_by((Entity, Column::Name), Order::Asc)
            .limit(u64::from(limit.get()) + 1);
        if let Some(after) = after {
            select.and_where(col(Column::Name).gt(after.as_str()));
        }
        let rows = self.db.query_all(&select).await.into_store_result()?;
        rows.iter()
            .map(read_listed)
            .collect::<Result<_, _>>()
            .into_store_result()
    }

    async fn count_roles(&self, bound: NonZeroU32) -> StoreResult<u64> {
        let bounded = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::DeletedAt.is_null())
            .limit(u64::from(bound.get()) + 1)
            .take();
        let count = Query::select()
            .expr(Func::count(Expr::cust("*")))
            .from_subquery(bounded, Alias::new("counted"))
            .take();
        let row = self.db.query_one(&count).await.into_store_result()?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0)).into_store_result()?;
        Ok(count.unsigned_abs())
    }

    async fn list_permissions(&self) -> StoreResult<Vec<Permission>> {
        let select = Query::select()
            .distinct()
            .column(role_permission::Column::Permission)
            .from(role_permission::Entity)
            .take();
        let rows = self.db.query_all(&select).await.into_store_result()?;
        let read = |row: &QueryResult| row.try_get_by_index(0).map(Permission::new_unchecked);
        rows.iter().map(read).collect::<Result<_, _>>().into_store_result()
    }

    async fn permissions_of(&self, user: Id<User>) -> StoreResult<Permissions> {
        let id = (user::Entity, user::Column::Id);
        let select = Query::select()
            .expr(select_role_names(id))
            .expr(select_user_permissions(id))
            .from(user::Entity)
            .and_where(Expr::col(id).eq(user.as_uuid()))
            .take();
        let Some(row) = self.db.query_one(&select).await.into_store_result()? else {
            return Ok(Permissions::none());
        };
        let roles: Option<String> = row.try_get_by_index(0).into_store_result()?;
        let permissions: Option<String> = row.try_get_by_index(1).into_store_result()?;
        let roles = read_role_names(roles.as_deref());
        Ok(read_permissions(&roles.names, permissions.as_deref()))
    }

    async fn lock_administration(&mut self) -> StoreResult<()> {
        self.lock(Column::Id.eq(Role::ADMIN_ID.as_uuid()), LockType::NoKeyUpdate)
            .await
    }

    async fn lock_role(&mut self, id: Id<Role>) -> StoreResult<Option<Role>> {
        self.lock(Column::Id.eq(id.as_uuid()), LockType::Update).await?;
        self.find_role(id).await
    }

    async fn lock_roles(&mut self, names: &[RoleName]) -> StoreResult<Vec<Role>> {
        self.lock(is_named(names), LockType::KeyShare).await?;
        self.find_roles(names).await
    }

    async fn insert_role(&mut self, role: &Role) -> StoreResult<()> {
        Entity::insert(to_row(role))
            .exec_without_returning(&self.db)
            .await
            .into_store_result()?;
        self.insert_permissions(role).await
    }

    /// Increments the name's version if the name changes, which increments the version of every user who has the role.
    async fn update_role(&mut self, role: &Role) -> StoreResult<()> {
        let row = ActiveModel {
            id: NotSet,
            name_version: NotSet,
            ..to_row(role)
        };
        let name_version: Expr = CaseStatement::new()
            .case(
                Expr::col(Column::Name).eq(role.name.as_str()),
                Expr::col(Column::NameVersion),
            )
            .finally(Expr::col(Column::NameVersion).add(1))
            .into();
        Entity::update_many()
            .set(row)
            .col_expr(Column::NameVersion, name_version)
            .filter(Column::Id.eq(role.id.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        self.delete_permissions(role.id).await?;
        self.insert_permissions(role).await
    }

    /// Marks the role as deleted and renames it to a name that no role can have. The row remains until all members are
    /// removed.
    async fn delete_role(&mut self, id: Id<Role>, at: Timestamp) -> StoreResult<()> {
        self.delete_permissions(id).await?;
        Entity::update_many()
            .col_expr(Column::Name, Expr::value(format!("-{id}")))
            .col_expr(Column::NameVersion, Expr::col(Column::NameVersion).add(1))
            .col_expr(Column::DeletedAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn find_deleted_role(&self) -> StoreResult<Option<Id<Role>>> {
        let select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::DeletedAt.is_not_null())
            .into_tuple::<Uuid>();
        Ok(select.one(&self.db).await.into_store_result()?.map(Id::from_uuid))
    }

    /// Locks the users first, so that no other transaction changes their roles in between.
    async fn remove_members(&mut self, deleted: Id<Role>, limit: u32) -> StoreResult<u64> {
        let has_role = user_role::Column::RoleId.eq(deleted.as_uuid());
        let members: Vec<Uuid> = user_role::Entity::find()
            .select_only()
            .column(user_role::Column::UserId)
            .filter(has_role.clone())
            .order_by_asc(user_role::Column::UserId)
            .limit(u64::from(limit))
            .into_tuple()
            .all(&self.db)
            .await
            .into_store_result()?;
        let lock = Query::select()
            .column(user::Column::Id)
            .from(user::Entity)
            .and_where(user::Column::Id.is_in(members.iter().copied()))
            .order_by(user::Column::Id, Order::Asc)
            .lock(LockType::NoKeyUpdate)
            .take();
        self.db.query_all(&lock).await.into_store_result()?;
        let is_locked_member = has_role.and(user_role::Column::UserId.is_in(members.iter().copied()));
        // Another transaction may have removed members before they were locked.
        let remaining_members = Query::select()
            .column(user_role::Column::UserId)
            .from(user_role::Entity)
            .and_where(is_locked_member.clone())
            .take();
        let name_versions = self.sum_name_versions(&[deleted]).await?;
        user::Entity::update_many()
            .col_expr(
                user::Column::Version,
                Expr::col(user::Column::Version).add(name_versions),
            )
            .filter(user::Column::Id.in_subquery(remaining_members))
            .exec(&self.db)
            .await
            .into_store_result()?;
        let delete = user_role::Entity::delete_many().filter(is_locked_member);
        delete.exec(&self.db).await.into_store_result()?;
        if members.len() < limit as usize {
            Entity::delete_by_id(deleted.as_uuid())
                .exec(&self.db)
                .await
                .into_store_result()?;
        }
        Ok(members.len() as u64)
    }

    /// Subtracts the name versions of the roles from the stored versions of the users, because they become a part of
    /// the users' versions: a change of roles must not raise a version by more than one.
    async fn add_roles(&mut self, users: &[Id<User>], roles: &[Id<Role>]) -> StoreResult<()> {
        let name_versions = self.sum_name_versions(roles).await?;
        for users in users.chunks(ROWS_PER_INSERT).filter(|_| name_versions != 0) {
            user::Entity::update_many()
                .col_expr(
                    user::Column::Version,
                    Expr::col(user::Column::Version).sub(name_versions),
                )
                .filter(user::Column::Id.is_in(users.iter().map(Id::as_uuid)))
                .exec(&self.db)
                .await
                .into_store_result()?;
        }
        let pairs = users
            .iter()
            .flat_map(|user| roles.iter().map(move |role| (user.as_uuid(), role.as_uuid())));
        let rows: Vec<_> = pairs
            .map(|(user, role)| user_role::ActiveModel {
                user_id: Set(user),
                role_id: Set(role),
            })
            .collect();
        for rows in rows.chunks(ROWS_PER_INSERT) {
            user_role::Entity::insert_many(rows.iter().cloned())
                .exec_without_returning(&self.db)
                .await
                .into_store_result()?;
        }
        Ok(())
    }

    /// Adds the name versions of the roles to the stored version of the user, as the inverse of
    /// [`add_roles`](RoleRepo::add_roles).
    async fn remove_roles(&mut self, user: Id<User>) -> StoreResult<()> {
        let user_roles = Query::select()
            .column(user_role::Column::RoleId)
            .from(user_role::Entity)
            .and_where(user_role::Column::UserId.eq(user.as_uuid()))
            .take();
        let name_versions = self.sum_name_versions_where(Column::Id.in_subquery(user_roles)).await?;
        user::Entity::update_many()
            .col_expr(
                user::Column::Version,
                Expr::col(user::Column::Version).add(name_versions),
            )
            .filter(user::Column::Id.eq(user.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        user_role::Entity::delete_many()
            .filter(user_role::Column::UserId.eq(user.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    /// Locks roles without reading them, because a statement that waits for a lock would still see other tables as they
    /// were before.
    async fn lock(&mut self, condition: SimpleExpr, lock: LockType) -> StoreResult<()> {
        let select = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(condition)
            .lock(lock)
            .take();
        self.db.query_all(&select).await.into_store_result()?;
        Ok(())
    }

    /// Returns the contribution of these roles to the version of a user.
    async fn sum_name_versions(&self, roles: &[Id<Role>]) -> StoreResult<i64> {
        let ids = roles.iter().map(Id::as_uuid);
        self.sum_name_versions_where(Column::Id.is_in(ids)).await
    }

    async fn sum_name_versions_where(&self, condition: SimpleExpr) -> StoreResult<i64> {
        let sum = Query::select()
            .expr(Expr::cust("CAST(COALESCE(SUM(name_version), 0) AS BIGINT)"))
            .from(Entity)
            .and_where(condition)
            .take();
        let row = self.db.query_one(&sum).await.into_store_result()?;
        row.map_or(Ok(0), |row| row.try_get_by_index(0)).into_store_result()
    }

    async fn delete_permissions(&mut self, role: Id<Role>) -> StoreResult<()> {
        role_permission::Entity::delete_many()
            .filter(role_permission::Column::RoleId.eq(role.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn insert_permissions(&mut self, role: &Role) -> StoreResult<()> {
        let Permissions::Set(permissions) = &role.permissions else {
            return Ok(());
        };
        let row = |permission: &Permission| role_permission::ActiveModel {
            role_id: Set(role.id.as_uuid()),
            permission: Set(permission.as_str().to_owned()),
        };
        let rows: Vec<_> = permissions.iter().map(row).collect();
        for rows in rows.chunks(ROWS_PER_INSERT) {
            role_permission::Entity::insert_many(rows.iter().cloned())
                .exec_without_returning(&self.db)
                .await
                .into_store_result()?;
        }
        Ok(())
    }
}

fn is_named(names: &[RoleName]) -> SimpleExpr {
    col(Column::Name).is_in(names.iter().map(RoleName::as_str))
}
