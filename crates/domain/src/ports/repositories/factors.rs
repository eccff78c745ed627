//! The repository of second factors.

use crate::{
    model::{CredentialId, Id, Passkey, RecoveryCodeDigest, TotpFactor, User},
    ports::StoreResult,
};

/// Stored authenticator apps, passkeys and recovery codes.
///
/// Every write of a user's factors locks the user first.
#[trait_variant::make(Send)]
pub trait FactorRepo {
    /// Returns whether a user has a second factor.
    async fn has_second_factor(&self, user: Id<User>) -> StoreResult<bool>;

    /// Finds the authenticator app of a user, confirmed or not.
    async fn find_totp(&self, user: Id<User>) -> StoreResult<Option<TotpFactor>>;

    /// Returns the passkeys of a user, oldest first.
    async fn list_passkeys(&self, user: Id<User>) -> StoreResult<Vec<Passkey>>;

    /// Finds the passkey with an identifier of a credential.
    async fn find_passkey(&self, credential: &CredentialId) -> StoreResult<Option<Passkey>>;

    /// Returns the digests of the unused recovery codes of a user.
    async fn list_recovery_codes(&self, user: Id<User>) -> StoreResult<Vec<RecoveryCodeDigest>>;

    /// Returns confirmed and unconfirmed authenticator apps in the order of their users, after the user `after`.
    async fn list_totp(&self, after: Option<Id<User>>, limit: u32) -> StoreResult<Vec<(Id<User>, TotpFactor)>>;

    /// Sets whether a user has a second factor.
    async fn set_second_factor(&mut self, user: Id<User>, has_second_factor: bool) -> StoreResult<()>;

    /// Inserts or replaces the authenticator app of a user.
    async fn replace_totp(&mut self, user: Id<User>, totp: &TotpFactor) -> StoreResult<()>;

    /// Deletes the authenticator app of a user. Returns whether there was one.
    async fn delete_totp(&mut self, user: Id<User>) -> StoreResult<bool>;

    /// Inserts a passkey.
    async fn insert_passkey(&mut self, passkey: &Passkey) -> StoreResult<()>;

    /// Updates the name, the state and the last use of a passkey.
    async fn update_passkey(&mut self, passkey: &Passkey) -> StoreResult<()>;

    /// Deletes a passkey.
    async fn delete_passkey(&mut self, id: Id<Passkey>) -> StoreResult<()>;

    /// Replaces the recovery codes of a user.
    async fn replace_recovery_codes(&mut self, user: Id<User>, digests: &[RecoveryCodeDigest]) -> StoreResult<()>;

    /// Deletes a recovery code. Returns whether the user had it.
    async fn consume_recovery_code(&mut self, user: Id<User>, digest: &RecoveryCodeDigest) -> StoreResult<bool>;
}
