//! The port to the database.

use std::{error::Error, pin::Pin};

use crate::ports::{
    AuditRepo, CredentialRepo, IdempotencyRepo, InstallationRepo, OneTimeTokenRepo, OutboxRepo, RateLimitRepo,
    RoleRepo, SessionRepo, UserRepo,
};

/// The result of a call to the store.
pub type StoreResult<T> = Result<T, StoreError>;

/// All repositories together. Reads take `&self`, writes `&mut self`.
///
/// The traits of this port are declared with `trait_variant::make(Send)`, which makes the futures of their `async fn`s
/// `Send`, so that a use case can run in a task.
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

/// A database.
///
/// [`Store::db`] returns `&Db`, and every write takes `&mut self`. A write outside a transaction therefore does not
/// compile:
///
/// ```compile_fail,E0596
/// # use vestibule_domain::{Id, Store, User, UserRepo};
/// async fn outside<S: Store>(store: &S, user: Id<User>) {
///     store.db().delete_user(user).await;
/// }
/// ```
///
/// A write inside a transaction compiles:
///
/// ```
/// # use vestibule_domain::{Commit, Id, Store, StoreResult, User, UserRepo};
/// async fn inside<S: Store>(store: &S, user: Id<User>) -> StoreResult<()> {
///     let mut tx = store.begin().await?;
///     tx.delete_user(user).await?;
///     tx.commit().await
/// }
/// ```
#[trait_variant::make(Send)]
pub trait Store: Send + Sync + 'static {
    /// Reads outside a transaction.
    type Db: Repositories;
    /// A transaction: its writes take effect together when it is committed, and not at all when it is dropped.
    type Transaction: Repositories + Commit;

    /// Returns the repositories for reading.
    fn db(&self) -> &Self::Db;

    /// Begins a transaction. While it is open, callers must read through it and not through [`Store::db`].
    async fn begin(&self) -> StoreResult<Self::Transaction>;
}

/// A transaction that can be committed.
#[trait_variant::make(Send)]
pub trait Commit: Sized + Send {
    /// Commits the transaction.
    async fn commit(self) -> StoreResult<()>;
}

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row has this unique key. The transaction can no longer be used.
    #[error("duplicate {key:?}")]
    Duplicate {
        /// The key.
        key: UniqueKey,
    },
    /// The transaction conflicted with a concurrent one. Repeating the call may succeed.
    #[error("conflict with another transaction")]
    Conflict(#[source] BoxError),
    /// The database cannot be reached, or no connection is available.
    #[error("database unavailable")]
    Unavailable(#[source] BoxError),
    /// The database reported an unexpected error.
    #[error("database failure")]
    Failure(#[source] BoxError),
}

/// A unique key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UniqueKey {
    /// The normalized email address of a user.
    UserEmail,
    /// The name of a role.
    RoleName,
}

/// A boxed future, for ports whose implementation is chosen at startup.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An error of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;
