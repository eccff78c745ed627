//! The port to stored credentials.

use crate::{Id, StoreResult, Timestamp, credential::PasswordHash, user::User};

/// Stored credentials: at most one password hash for each user.
pub trait CredentialRepo {
    /// The hash of the user's password.
    fn find_password_hash(&self, user: Id<User>) -> impl Future<Output = StoreResult<Option<PasswordHash>>> + Send;

    /// Sets or replaces the hash of the user's password.
    fn set_password_hash(
        &mut self,
        user: Id<User>,
        hash: &PasswordHash,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<()>> + Send;
}
