//! The port to stored roles.

use std::num::NonZeroU32;

use crate::{
    Id, Limit, Permission, Permissions, StoreResult, Timestamp,
    role::{Role, RoleName, RoleRow},
    user::User,
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
    ) -> impl Future<Output = StoreResult<Vec<RoleRow>>> + Send;

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

    /// Overwrites a role.
    fn update_role(&mut self, role: &Role) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes a role and takes it from its users.
    fn delete_role(&mut self, id: Id<Role>) -> impl Future<Output = StoreResult<()>> + Send;

    /// Gives each of these roles to each of these users, who must not have them yet.
    fn give_roles(&mut self, users: &[Id<User>], roles: &[Id<Role>]) -> impl Future<Output = StoreResult<()>> + Send;

    /// Takes all roles from a user.
    fn take_roles(&mut self, user: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;

    /// Raises the version of every user who has the role, because they show its name.
    fn touch_users_of(&mut self, role: Id<Role>, at: Timestamp) -> impl Future<Output = StoreResult<()>> + Send;
}
