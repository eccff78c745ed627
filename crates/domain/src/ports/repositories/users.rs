//! The repository of users.

use std::num::NonZeroU32;

use crate::{
    model::{
        Id, ListUsers, Listed, NormalizedEmail, Timestamp, User, UserFilter, UserOrder, UserPosition, UserRow,
        UserTimes,
    },
    ports::StoreResult,
};

/// Stored users. A user is read with the names of its roles; they are written by
/// [`RoleRepo`](crate::role::RoleRepo).
pub trait UserRepo {
    /// A user.
    fn find_user(&self, id: Id<User>) -> impl Future<Output = StoreResult<Option<User>>> + Send;

    /// The user whose address has this key.
    fn find_user_by_email(&self, key: &NormalizedEmail) -> impl Future<Output = StoreResult<Option<User>>> + Send;

    /// Times that are kept beside a user.
    fn find_user_times(&self, id: Id<User>) -> impl Future<Output = StoreResult<UserTimes>> + Send;

    /// The users of one page, and one more when there is a next page.
    fn list_users(
        &self,
        list: &ListUsers,
    ) -> impl Future<Output = StoreResult<Vec<Listed<UserRow, UserPosition>>>> + Send;

    /// How many users a list has; counting stops at `bound + 1`.
    fn count_users(
        &self,
        filter: &UserFilter,
        order: &UserOrder,
        bound: NonZeroU32,
    ) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Whether an active user other than this one has the role `admin` and a password, and a verified address
    /// if that is needed to sign in.
    fn has_other_administrator(
        &self,
        id: Id<User>,
        must_be_verified: bool,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Lists users whose address has a non-ASCII character, in the order of their identifiers, after this one.
    fn list_non_ascii_emails(
        &self,
        after: Option<Id<User>>,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<User>>> + Send;

    /// A user, held against changes until the transaction ends.
    fn lock_user(&mut self, id: Id<User>) -> impl Future<Output = StoreResult<Option<User>>> + Send;

    /// Adds users, with the terms by which they are found but without their roles.
    fn insert_users(&mut self, users: &[User]) -> impl Future<Output = StoreResult<()>> + Send;

    /// Overwrites a user and the terms by which it is found, but not its roles, and raises the version by
    /// one.
    fn update_user(&mut self, user: &User) -> impl Future<Output = StoreResult<()>> + Send;

    /// Notes that the user signed in.
    fn record_sign_in(&mut self, id: Id<User>, at: Timestamp) -> impl Future<Output = StoreResult<()>> + Send;

    /// Removes a user with all that is the user's.
    fn delete_user(&mut self, id: Id<User>) -> impl Future<Output = StoreResult<()>> + Send;
}
