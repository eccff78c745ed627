//! The port to the database.

use std::{borrow::Cow, error::Error, pin::Pin};

use crate::ports::Repositories;

/// The result of a call to the store.
pub type StoreResult<T> = Result<T, StoreError>;

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
    /// A row refers to one that does not exist, or another row refers to one that was to be deleted. The transaction can
    /// no longer be used.
    #[error("violated reference")]
    Reference(#[source] BoxError),
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

/// A unique key: a column and its table, such as `roles.name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueKey(Cow<'static, str>);

impl UniqueKey {
    /// The normalized email address of a user.
    pub const USER_EMAIL: Self = Self(Cow::Borrowed("users.normalized_email"));
    /// The name of a role.
    pub const ROLE_NAME: Self = Self(Cow::Borrowed("roles.name"));
    /// The identifier of the credential of a passkey.
    pub const PASSKEY_CREDENTIAL: Self = Self(Cow::Borrowed("passkeys.credential_id"));

    /// Creates the key of a column.
    #[must_use]
    pub fn new(table: &str, column: &str) -> Self {
        Self(format!("{table}.{column}").into())
    }

    /// Returns the name of the column.
    #[must_use]
    pub fn column(&self) -> &str {
        self.0.split_once('.').map_or("", |(_, column)| column)
    }
}

/// A boxed future, for ports whose implementation is chosen at startup.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An error of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;
