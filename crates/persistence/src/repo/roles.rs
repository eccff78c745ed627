//! Roles and their members.

use std::num::NonZeroU32;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityName, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, LockType, SelectStatement, SimpleExpr},
};
use uuid::Uuid;
use vestibule_domain::{
    Id, Limit, Listed, Order, Permission, Permissions, Position, Role, RoleName, RoleRepo, RoleRow, StoreResult,
    Timestamp, User,
};

use crate::{
    SeaRepositories,
    entity::{
        role::{ActiveModel, Column, Entity},
        role_permission, user, user_role,
    },
    repo::{
        ROWS_PER_INSERT,
        roles_row::{read_role, read_row, to_row},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> RoleRepo for SeaRepositories<C> {
    async fn find_role(&self, id: Id<Role>) -> StoreResult<Option<Role>> {
        let role = self
            .fetch_optional(existing().filter(Column::Id.eq(id.as_uuid())))
            .await?;
        Ok(role.map(read_role))
    }

    async fn find_roles(&self, names: &[RoleName]) -> StoreResult<Vec<Role>> {
        let roles = self.fetch_all(existing().filter(is_named(names))).await?;
        Ok(roles.into_iter().map(read_role).collect())
    }

    async fn list_roles(
        &self,
        after: Option<&Position<Role>>,
        limit: Limit,
    ) -> StoreResult<Vec<Listed<RoleRow, Position<Role>>>> {
        let order = Order::ascending(Column::Name);
        self.sorted_page(existing(), order, after, limit, |row| Ok(read_row(row)))
            .await
    }

    async fn count_roles(&self, bound: NonZeroU32) -> StoreResult<u64> {
        self.bounded_count(existing().into_query(), bound).await
    }

    async fn list_permissions(&self) -> StoreResult<Vec<Permission>> {
        let select = role_permission::Entity::find()
            .select_only()
            .column(role_permission::Column::Permission)
            .distinct();
        let names = self.scalars(select).await?;
        Ok(names.into_iter().map(Permission::new_unchecked).collect())
    }

    async fn permissions_of(&self, user: Id<User>) -> StoreResult<Permissions> {
        let select = existing().filter(Column::Id.in_subquery(roles_of(user)));
        let roles = self.fetch_all(select).await?.into_iter().map(read_role);
        Ok(roles.fold(Permissions::none(), |all, role| all.union(&role.permissions)))
    }

    async fn lock_administration(&mut self) -> StoreResult<()> {
        self.lock(Entity::find_by_id(Role::ADMIN_ID.as_uuid()), LockType::NoKeyUpdate)
            .await?;
        Ok(())
    }

    async fn lock_role(&mut self, id: Id<Role>) -> StoreResult<Option<Role>> {
        self.lock(Entity::find_by_id(id.as_uuid()), LockType::Update).await?;
        self.find_role(id).await
    }

    async fn lock_roles(&mut self, names: &[RoleName]) -> StoreResult<Vec<Role>> {
        self.lock(Entity::find().filter(is_named(names)), LockType::KeyShare)
            .await?;
        self.find_roles(names).await
    }

    async fn retain_role(&mut self, id: Id<Role>) -> StoreResult<bool> {
        self.retain(existing().filter(Column::Id.eq(id.as_uuid()))).await
    }

    async fn insert_role(&mut self, role: &Role) -> StoreResult<()> {
        self.insert(vec![to_row(role)]).await?;
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
        let update = Entity::update_many()
            .set(row)
            .col_expr(Column::NameVersion, name_version)
            .filter(Column::Id.eq(role.id.as_uuid()));
        self.execute(update).await?;
        self.delete_permissions(role.id).await?;
        self.insert_permissions(role).await
    }

    /// Marks the role as deleted and renames it to a name that no role can have. The row remains until all members are
    /// removed.
    async fn delete_role(&mut self, id: Id<Role>, at: Timestamp) -> StoreResult<()> {
        let table = Entity.table_name();
        self.check_deletable(table, id.as_uuid()).await?;
        self.clear_references(table, id.as_uuid()).await?;
        self.delete_permissions(id).await?;
        let delete = Entity::update_many()
            .col_expr(Column::Name, Expr::value(format!("-{id}")))
            .col_expr(Column::NameVersion, Expr::col(Column::NameVersion).add(1))
            .col_expr(Column::DeletedAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()));
        self.execute(delete).await?;
        Ok(())
    }

    async fn find_deleted_role(&self) -> StoreResult<Option<Id<Role>>> {
        let select = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::DeletedAt.is_not_null())
            .limit(1);
        Ok(self.scalar(select).await?.map(Id::from_uuid))
    }

    /// Locks the users first, so that no other transaction changes their roles in between.
    async fn remove_members(&mut self, deleted: Id<Role>, limit: u32) -> StoreResult<u64> {
        let has_role = user_role::Column::RoleId.eq(deleted.as_uuid());
        let members = user_role::Entity::find()
            .select_only()
            .column(user_role::Column::UserId)
            .filter(has_role.clone())
            .order_by_asc(user_role::Column::UserId)
            .limit(u64::from(limit));
        let members: Vec<Uuid> = self.scalars(members).await?;
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(members.iter().copied()))
            .order_by_asc(user::Column::Id);
        self.lock(users, LockType::NoKeyUpdate).await?;
        let is_locked_member = has_role.and(user_role::Column::UserId.is_in(members.iter().copied()));
        // Another transaction may have removed members before they were locked.
        let remaining_members = user_role::Entity::find()
            .select_only()
            .column(user_role::Column::UserId)
            .filter(is_locked_member.clone())
            .into_query();
        let name_versions = self.sum_name_versions(&[deleted]).await?;
        self.add_to_versions(user::Column::Id.in_subquery(remaining_members), name_versions)
            .await?;
        self.execute(user_role::Entity::delete_many().filter(is_locked_member))
            .await?;
        if members.len() < limit as usize {
            self.execute(Entity::delete_by_id(deleted.as_uuid())).await?;
        }
        Ok(members.len() as u64)
    }

    /// Subtracts the name versions of the roles from the stored versions of the users, because they become a part of
    /// the users' versions: a change of roles must not raise a version by more than one.
    async fn add_roles(&mut self, users: &[Id<User>], roles: &[Id<Role>]) -> StoreResult<()> {
        let name_versions = self.sum_name_versions(roles).await?;
        for users in users.chunks(ROWS_PER_INSERT).filter(|_| name_versions != 0) {
            let users = user::Column::Id.is_in(users.iter().map(Id::as_uuid));
            self.add_to_versions(users, -name_versions).await?;
        }
        let pairs = users
            .iter()
            .flat_map(|user| roles.iter().map(move |role| (user.as_uuid(), role.as_uuid())));
        let rows = pairs.map(|(user, role)| user_role::ActiveModel {
            user_id: Set(user),
            role_id: Set(role),
        });
        self.insert(rows.collect()).await
    }

    /// Adds the name versions of the roles to the stored version of the user, as the inverse of
    /// [`add_roles`](RoleRepo::add_roles).
    async fn remove_roles(&mut self, user: Id<User>) -> StoreResult<()> {
        let name_versions = self
            .sum_name_versions_where(Column::Id.in_subquery(roles_of(user)))
            .await?;
        self.add_to_versions(user::Column::Id.eq(user.as_uuid()), name_versions)
            .await?;
        let delete = user_role::Entity::delete_many().filter(user_role::Column::UserId.eq(user.as_uuid()));
        self.execute(delete).await?;
        Ok(())
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    /// Returns the contribution of these roles to the version of a user.
    async fn sum_name_versions(&self, roles: &[Id<Role>]) -> StoreResult<i64> {
        let ids = roles.iter().map(Id::as_uuid);
        self.sum_name_versions_where(Column::Id.is_in(ids)).await
    }

    async fn sum_name_versions_where(&self, condition: SimpleExpr) -> StoreResult<i64> {
        let sum = Entity::find()
            .select_only()
            .expr(Expr::cust("CAST(COALESCE(SUM(name_version), 0) AS BIGINT)"))
            .filter(condition);
        Ok(self.scalar(sum).await?.unwrap_or_default())
    }

    /// Adds a number to the stored versions of users.
    async fn add_to_versions(&mut self, users: SimpleExpr, number: i64) -> StoreResult<()> {
        let update = user::Entity::update_many()
            .col_expr(user::Column::Version, Expr::col(user::Column::Version).add(number))
            .filter(users);
        self.execute(update).await?;
        Ok(())
    }

    async fn delete_permissions(&mut self, role: Id<Role>) -> StoreResult<()> {
        let delete = role_permission::Entity::delete_many().filter(role_permission::Column::RoleId.eq(role.as_uuid()));
        self.execute(delete).await?;
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
        self.insert(permissions.iter().map(row).collect()).await
    }
}

/// Selects the roles that are not deleted.
fn existing() -> Select<Entity> {
    Entity::find().filter(Column::DeletedAt.is_null())
}

/// Selects the IDs of the roles of a user.
fn roles_of(user: Id<User>) -> SelectStatement {
    user_role::Entity::find()
        .select_only()
        .column(user_role::Column::RoleId)
        .filter(user_role::Column::UserId.eq(user.as_uuid()))
        .into_query()
}

fn is_named(names: &[RoleName]) -> SimpleExpr {
    Column::Name.is_in(names.iter().map(RoleName::as_str))
}
