//! The repository of the installation.

use crate::{
    model::{Installation, KeyFingerprint, Timestamp},
    ports::StoreResult,
};

/// The stored installation: a single row with the state of setup and the fingerprint of the secret key.
pub trait InstallationRepo {
    /// Returns the installation, which is created with the database.
    fn find_installation(&self) -> impl Future<Output = StoreResult<Installation>> + Send;

    /// Closes setup.
    ///
    /// Returns whether it was open. Of any number of concurrent calls, one returns `true`.
    fn close_setup(&mut self, at: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Replaces the fingerprint of the secret key that the database was set up with.
    fn set_key_fingerprint(&mut self, fingerprint: &KeyFingerprint) -> impl Future<Output = StoreResult<()>> + Send;
}
