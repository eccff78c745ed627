//! The repository of roles.

use std::num::NonZeroU32;

use crate::{
    model::{Id, Limit, Listed, Permission, Permissions, Role, RoleName, RoleRow, Timestamp, User},
    ports::StoreResult,
};

/// Stored roles and their assignment to users.
///
/// Transactions that lock several resources lock them in this order: the administration, roles, the installation,
/// users. This prevents deadlocks.
pub trait RoleRepo {
    /// Finds a role.
    fn find_role(&self, id: Id<Role>) -> impl Future<Output = StoreResult<Option<Role>>> + Send;

    /// Returns the roles with these names. Ignores names that no role has.
    fn find_roles(&self, names: &[RoleName]) -> impl Future<Output = StoreResult<Vec<Role>>> + Send;

    /// Returns one page of roles, sorted by name, and one more role if there is a next page.
    fn list_roles(
        &self,
        after: Option<&RoleName>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<RoleRow, RoleName>>>> + Send;

    /// Counts the roles, up to `bound + 1`.
    fn count_roles(&self, bound: NonZeroU32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Returns the permissions that at least one role has.
    fn list_permissions(&self) -> impl Future<Output = StoreResult<Vec<Permission>>> + Send;

    /// Returns the permissions of a user.
    fn permissions_of(&self, user: Id<User>) -> impl Future<Output = StoreResult<Permissions>> + Send;

    /// Locks the administration: other changes of roles and administrators wait until the transaction ends.
    fn lock_administration(&mut self) -> impl Future<Output = StoreResult<()>> + Send;

    /// Finds a role and locks it against changes until the transaction ends.
    fn lock_role(&mut self, id: Id<Role>) -> impl Future<Output = StoreResult<Option<Role>>> + Send;

    /// Returns the roles with these names and locks them against deletion until the transaction ends.
    fn lock_roles(&mut self, names: &[RoleName]) -> impl Future<Output = StoreResult<Vec<Role>>> + Send;

    /// Inserts a role.
    fn insert_role(&mut self, role: &Role) -> impl Future<Output = StoreResult<()>> + Send;

    /// Updates a role. A new name also increments the versions of all users that have the role, because users show the
    /// names of their roles.
    fn update_role(&mut self, role: &Role) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes a role, which revokes it from all its users and changes their versions. The duration does not depend on
    /// the number of users; [`remove_members`](Self::remove_members) deletes their rows later.
    fn delete_role(&mut self, id: Id<Role>, at: Timestamp) -> impl Future<Output = StoreResult<()>> + Send;

    /// Finds a deleted role that still has rows of users.
    fn find_deleted_role(&self) -> impl Future<Output = StoreResult<Option<Id<Role>>>> + Send;

    /// Deletes the rows of at most `limit` users of a deleted role, and the role's own row after the last of them.
    /// Returns the number of users.
    fn remove_members(&mut self, deleted: Id<Role>, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Assigns each of these roles to each of these users, who must not have them yet.
    fn add_roles(&mut self, users: &[Id<User>], roles: &[Id<Role>]) -> impl Future<Output = StoreResult<()>> + Send;

    /// Revokes all roles from a user.
    fn remove_roles(&mut self, user: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;
}
