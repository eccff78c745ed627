//! The repository of users.

use std::num::NonZeroU32;

use crate::{
    model::{
        Id, ListUsers, Listed, NormalizedEmail, Timestamp, User, UserFilter, UserOrder, UserPosition, UserRow,
        UserTimes,
    },
    ports::StoreResult,
};

/// Stored users. A user is read with the names of its roles, which are written through
/// [`RoleRepo`](crate::ports::RoleRepo).
pub trait UserRepo {
    /// Finds a user.
    fn find_user(&self, id: Id<User>) -> impl Future<Output = StoreResult<Option<User>>> + Send;

    /// Finds the user with this email address.
    fn find_user_by_email(&self, email: &NormalizedEmail) -> impl Future<Output = StoreResult<Option<User>>> + Send;

    /// Returns the times that are stored separately from a user.
    fn find_user_times(&self, id: Id<User>) -> impl Future<Output = StoreResult<UserTimes>> + Send;

    /// Returns one page of users, and one more user if there is a next page.
    fn list_users(
        &self,
        list: &ListUsers,
    ) -> impl Future<Output = StoreResult<Vec<Listed<UserRow, UserPosition>>>> + Send;

    /// Counts the users of a list, up to `bound + 1`.
    fn count_users(
        &self,
        filter: &UserFilter,
        order: &UserOrder,
        bound: NonZeroU32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Returns whether an active user other than this one has the role `admin`, a password and, if required, a verified
    /// email address.
    fn has_other_administrator(
        &self,
        id: Id<User>,
        must_be_verified: bool,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Returns users whose email address contains a non-ASCII character, sorted by identifier, after a given one.
    fn list_non_ascii_emails(
        &self,
        after: Option<Id<User>>,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<User>>> + Send;

    /// Finds a user and locks it against changes until the transaction ends.
    fn lock_user(&mut self, id: Id<User>) -> impl Future<Output = StoreResult<Option<User>>> + Send;

    /// Inserts users with their search terms, but without their roles.
    fn insert_users(&mut self, users: &[User]) -> impl Future<Output = StoreResult<()>> + Send;

    /// Updates a user and its search terms, but not its roles, and increments the version.
    fn update_user(&mut self, user: &User) -> impl Future<Output = StoreResult<()>> + Send;

    /// Stores the time of a sign-in.
    fn record_sign_in(&mut self, id: Id<User>, at: Timestamp) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes a user with all data that belongs to the user.
    fn delete_user(&mut self, id: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;
}
