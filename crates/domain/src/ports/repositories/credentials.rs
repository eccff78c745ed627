//! The repository of credentials.

use crate::{
    model::{Id, PasswordHash, StoredPassword, Timestamp, User},
    ports::StoreResult,
};

/// Stored passwords: at most one for each user.
#[trait_variant::make(Send)]
pub trait CredentialRepo {
    /// Finds the user's password.
    async fn find_password(&self, user: Id<User>) -> StoreResult<Option<StoredPassword>>;

    /// Sets or replaces the hash of the user's password.
    async fn set_password_hash(&mut self, user: Id<User>, hash: &PasswordHash, at: Timestamp) -> StoreResult<()>;

    /// Replaces the hash `from` with a different hash of the same password, unless it was replaced in the meantime.
    async fn upgrade_password_hash(
        &mut self,
        user: Id<User>,
        from: &PasswordHash,
        to: &PasswordHash,
    ) -> StoreResult<()>;
}
