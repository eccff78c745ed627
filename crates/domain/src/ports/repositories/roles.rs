//! The repository of roles.

use std::num::NonZeroU32;

use crate::{
    model::{Id, Limit, Listed, Permission, Permissions, Role, RoleName, RoleRow, Timestamp, User},
    ports::StoreResult,
};

/// Stored roles, and who has them.
///
/// Whoever locks several things locks them in this order: the administration, roles, the installation, users. That keeps
/// any two transactions from waiting for each other.
pub trait RoleRepo {
    /// A role.
    fn find_role(&self, id: Id<Role>) -> impl Future<Output = StoreResult<Option<Role>>> + Send;

    /// The roles with these names, as far as there are such.
    fn find_roles(&self, names: &[RoleName]) -> impl Future<Output = StoreResult<Vec<Role>>> + Send;

    /// The roles of one page by name, and one more when there is a next page.
    fn list_roles(
        &self,
        after: Option<&RoleName>,
        limit: Limit,
    ) -> impl Future<Output = StoreResult<Vec<Listed<RoleRow, RoleName>>>> + Send;

    /// How many roles there are; counting stops at `bound + 1`.
    fn count_roles(&self, bound: NonZeroU32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// The permissions that some role has.
    fn list_permissions(&self) -> impl Future<Output = StoreResult<Vec<Permission>>> + Send;

    /// What a user may do.
    fn permissions_of(&self, user: Id<User>) -> impl Future<Output = StoreResult<Permissions>> + Send;

    /// Waits for other changes of roles and administrators, and holds them up until the transaction
    /// ends.
    fn lock_administration(&mut self) -> impl Future<Output = StoreResult<()>> + Send;

    /// A role, held against changes until the transaction ends.
    fn lock_role(&mut self, id: Id<Role>) -> impl Future<Output = StoreResult<Option<Role>>> + Send;

    /// The roles with these names, held against deletion until the transaction ends.
    fn lock_roles(&mut self, names: &[RoleName]) -> impl Future<Output = StoreResult<Vec<Role>>> + Send;

    /// Adds a role.
    fn insert_role(&mut self, role: &Role) -> impl Future<Output = StoreResult<()>> + Send;

    /// Overwrites a role. If its name changes, so do the versions of all users who have it, because they
    /// show the name.
    fn update_role(&mut self, role: &Role) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes a role: nobody has it from now on, and the versions of all users who had it change. The time
    /// that this takes does not depend on their number; their rows are left to
    /// [`remove_members`](Self::remove_members).
    fn delete_role(&mut self, id: Id<Role>, at: Timestamp) -> impl Future<Output = StoreResult<()>> + Send;

    /// A deleted role that still has rows of users.
    fn find_deleted_role(&self) -> impl Future<Output = StoreResult<Option<Id<Role>>>> + Send;

    /// Removes the rows of at most `limit` users from a deleted role, and its own after the last of them.
    /// Returns the number of users.
    fn remove_members(&mut self, deleted: Id<Role>, limit: u32) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Gives each of these roles to each of these users, who must not have them yet.
    fn add_roles(&mut self, users: &[Id<User>], roles: &[Id<Role>]) -> impl Future<Output = StoreResult<()>> + Send;

    /// Takes all roles from a user.
    fn remove_roles(&mut self, user: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;
}
