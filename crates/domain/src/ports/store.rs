//! The port to the database.

use std::{error::Error, pin::Pin};

use crate::ports::{
    AuditRepo, CredentialRepo, IdempotencyRepo, InstallationRepo, OneTimeTokenRepo, OutboxRepo, RateLimitRepo,
    RoleRepo, SessionRepo, UserRepo,
};

/// What a call to the store gives.
pub type StoreResult<T> = Result<T, StoreError>;

/// All repositories together. Reads take `&self`, writes `&mut self`.
pub trait Repositories:
    UserRepo
    + CredentialRepo
    + RoleRepo
    + SessionRepo
    + InstallationRepo
    + AuditRepo
    + RateLimitRepo
    + OneTimeTokenRepo
    + OutboxRepo
    + IdempotencyRepo
    + Send
    + Sync
    + 'static
{
}

impl<
    T: UserRepo
        + CredentialRepo
        + RoleRepo
        + SessionRepo
        + InstallationRepo
        + AuditRepo
        + RateLimitRepo
        + OneTimeTokenRepo
        + OutboxRepo
        + IdempotencyRepo
        + Send
        + Sync
        + 'static,
> Repositories for T
{
}

/// A database.
///
/// [`Store::db`] is only ever lent as `&Db`, and every write takes `&mut self`, so a write outside
/// a transaction does not compile:
///
/// ```compile_fail,E0596
/// # use vestibule_domain::{Store, Id, user::{User, UserRepo}};
/// async fn outside<S: Store>(store: &S, user: Id<User>) {
///     store.db().delete_user(user).await;
/// }
/// ```
///
/// Inside one it does:
///
/// ```
/// # use vestibule_domain::{Commit, Id, Store, StoreResult, user::{User, UserRepo}};
/// async fn inside<S: Store>(store: &S, user: Id<User>) -> StoreResult<()> {
///     let mut tx = store.begin().await?;
///     tx.delete_user(user).await?;
///     tx.commit().await
/// }
/// ```
pub trait Store: Send + Sync + 'static {
    /// Reads outside a transaction.
    type Db: Repositories;
    /// Reads and writes that take effect together, or, when it is dropped, not at all.
    type Transaction: Repositories + Commit;

    /// Lends the repositories for reading.
    fn db(&self) -> &Self::Db;

    /// Begins a transaction. While it is open, read through it and not through [`Store::db`].
    fn begin(&self) -> impl Future<Output = StoreResult<Self::Transaction>> + Send;
}

/// The end of a transaction that takes effect.
pub trait Commit: Sized + Send {
    /// Makes everything that was written last.
    fn commit(self) -> impl Future<Output = StoreResult<()>> + Send;
}

/// What can go wrong in a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row has this key already. The transaction is over.
    #[error("{key:?} is taken")]
    Duplicate {
        /// The key.
        key: UniqueKey,
    },
    /// Two transactions were in each other's way; the same call may succeed when repeated.
    #[error("conflict with another transaction")]
    Conflict(#[source] BoxError),
    /// The database cannot be reached, or has no connection to spare.
    #[error("database unavailable")]
    Unavailable(#[source] BoxError),
    /// The database refused for a reason that the store did not expect.
    #[error("database failure")]
    Failure(#[source] BoxError),
}

/// What no two rows may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UniqueKey {
    /// The key of a user's email address.
    UserEmail,
    /// The name of a role.
    RoleName,
}

/// A future behind a port that is chosen when the program starts.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An error of the outside world, whatever its type.
pub type BoxError = Box<dyn Error + Send + Sync>;
