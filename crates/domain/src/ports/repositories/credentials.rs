//! The repository of credentials.

use crate::{
    model::{Id, PasswordHash, StoredPassword, Timestamp, User},
    ports::StoreResult,
};

/// Stored passwords: at most one for each user.
pub trait CredentialRepo {
    /// Finds the user's password.
    fn find_password(&self, user: Id<User>) -> impl Future<Output = StoreResult<Option<StoredPassword>>> + Send;

    /// Sets or replaces the hash of the user's password.
    fn set_password_hash(
        &mut self,
        user: Id<User>,
        hash: &PasswordHash,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Replaces the hash `from` with a different hash of the same password, unless it was replaced in the meantime.
    fn upgrade_password_hash(
        &mut self,
        user: Id<User>,
        from: &PasswordHash,
        to: &PasswordHash,
    ) -> impl Future<Output = StoreResult<()>> + Send;
}
