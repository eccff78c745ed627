//! The repository of roles.

use std::num::NonZeroU32;

use crate::{
    model::{Id, Limit, Listed, Permission, Permissions, Position, Role, RoleName, RoleRow, Timestamp, User},
    ports::StoreResult,
};

/// Stored roles and their assignment to users.
///
/// Transactions that lock several resources lock them in this order: the administration, roles, the installation,
/// users. This prevents deadlocks.
#[trait_variant::make(Send)]
pub trait RoleRepo {
    /// Finds a role.
    async fn find_role(&self, id: Id<Role>) -> StoreResult<Option<Role>>;

    /// Returns the roles with these names. Ignores names that no role has.
    async fn find_roles(&self, names: &[RoleName]) -> StoreResult<Vec<Role>>;

    /// Returns one page of roles, sorted by name, and one more role if there is a next page.
    async fn list_roles(&self, after: Option<&Position<Role>>, limit: Limit) -> StoreResult<Vec<Listed<RoleRow, Position<Role>>>>;

    /// Counts the roles, up to `bound + 1`.
    async fn count_roles(&self, bound: NonZeroU32) -> StoreResult<u64>;

    /// Returns the permissions that at least one role has.
    async fn list_permissions(&self) -> StoreResult<Vec<Permission>>;

    /// Returns the permissions of a user.
    async fn permissions_of(&self, user: Id<User>) -> StoreResult<Permissions>;

    /// Locks the administration: other changes of roles and administrators wait until the transaction ends.
    async fn lock_administration(&mut self) -> StoreResult<()>;

    /// Finds a role and locks it against changes until the transaction ends.
    async fn lock_role(&mut self, id: Id<Role>) -> StoreResult<Option<Role>>;

    /// Returns the roles with these names and locks them against deletion until the transaction ends.
    async fn lock_roles(&mut self, names: &[RoleName]) -> StoreResult<Vec<Role>>;

    /// Locks a role against deletion until the transaction ends, so that a resource can refer to the role. Returns whether
    /// the role exists.
    async fn retain_role(&mut self, id: Id<Role>) -> StoreResult<bool>;

    /// Inserts a role.
    async fn insert_role(&mut self, role: &Role) -> StoreResult<()>;

    /// Updates a role. A new name also increments the versions of all users that have the role, because users show the
    /// names of their roles.
    async fn update_role(&mut self, role: &Role) -> StoreResult<()>;

    /// Deletes a role, which revokes it from all its users and changes their versions. The duration does not depend on
    /// the number of users; [`remove_members`](Self::remove_members) deletes their rows later.
    async fn delete_role(&mut self, id: Id<Role>, at: Timestamp) -> StoreResult<()>;

    /// Finds a deleted role that still has rows of users.
    async fn find_deleted_role(&self) -> StoreResult<Option<Id<Role>>>;

    /// Deletes the rows of at most `limit` users of a deleted role, and the role's own row after the last of them.
    /// Returns the number of users.
    async fn remove_members(&mut self, deleted: Id<Role>, limit: u32) -> StoreResult<u64>;

    /// Assigns each of these roles to each of these users, who must not have them yet.
    async fn add_roles(&mut self, users: &[Id<User>], roles: &[Id<Role>]) -> StoreResult<()>;

    /// Revokes all roles from a user.
    async fn remove_roles(&mut self, user: Id<User>) -> StoreResult<()>;
}
