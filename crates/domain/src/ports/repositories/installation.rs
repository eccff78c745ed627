//! The repository of the installation.

use crate::{
    model::{Installation, KeyFingerprint, Timestamp},
    ports::StoreResult,
};

/// The stored installation: a single row with the state of setup and the fingerprint of the secret key.
#[trait_variant::make(Send)]
pub trait InstallationRepo {
    /// Returns the installation, which is created with the database.
    async fn find_installation(&self) -> StoreResult<Installation>;

    /// Closes setup.
    ///
    /// Returns whether it was open. Of any number of concurrent calls, one returns `true`.
    async fn close_setup(&mut self, at: Timestamp) -> StoreResult<bool>;

    /// Replaces the fingerprint of the secret key that the database was set up with.
    async fn set_key_fingerprint(&mut self, fingerprint: &KeyFingerprint) -> StoreResult<()>;
}
