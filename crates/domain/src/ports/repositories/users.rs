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
#[trait_variant::make(Send)]
pub trait UserRepo {
    /// Finds a user.
    async fn find_user(&self, id: Id<User>) -> StoreResult<Option<User>>;

    /// Finds the user with this email address.
    async fn find_user_by_email(&self, email: &NormalizedEmail) -> StoreResult<Option<User>>;

    /// Returns the times that are stored separately from a user.
    async fn find_user_times(&self, id: Id<User>) -> StoreResult<UserTimes>;

    /// Returns one page of users, and one more user if there is a next page.
    async fn list_users(&self, list: &ListUsers) -> StoreResult<Vec<Listed<UserRow, UserPosition>>>;

    /// Counts the users of a list, up to `bound + 1`.
    async fn count_users(&self, filter: &UserFilter, order: &UserOrder, bound: NonZeroU32) -> StoreResult<u64>;

    /// Returns whether an active user other than this one has the role `admin`, a password and, if required, a verified
    /// email address.
    async fn has_other_administrator(&self, id: Id<User>, must_be_verified: bool) -> StoreResult<bool>;

    /// Returns users whose email address contains a non-ASCII character, sorted by identifier, after a given one.
    async fn list_non_ascii_emails(&self, after: Option<Id<User>>, limit: u32) -> StoreResult<Vec<User>>;

    /// Checks that no resource has a reference to the user that prevents the deletion of the user.
    async fn check_user_deletable(&self, id: Id<User>) -> StoreResult<()>;

    /// Finds a user and locks it against changes until the transaction ends.
    async fn lock_user(&mut self, id: Id<User>) -> StoreResult<Option<User>>;

    /// Locks a user against deletion until the transaction ends, so that a resource can refer to the user. Returns whether
    /// the user exists.
    async fn retain_user(&mut self, id: Id<User>) -> StoreResult<bool>;

    /// Inserts users with their search terms, but without their roles.
    async fn insert_users(&mut self, users: &[User]) -> StoreResult<()>;

    /// Updates a user and its search terms, but not its roles, and increments the version.
    async fn update_user(&mut self, user: &User) -> StoreResult<()>;

    /// Stores the time of a sign-in.
    async fn record_sign_in(&mut self, id: Id<User>, at: Timestamp) -> StoreResult<()>;

    /// Deletes a user with all data that belongs to the user.
    async fn delete_user(&mut self, id: Id<User>) -> StoreResult<()>;
}
