//! The repository of the installation.

use crate::{
    model::{Installation, KeyFingerprint, Timestamp},
    ports::StoreResult,
};

/// What is stored about the installation.
pub trait InstallationRepo {
    /// The installation. It is made with the database.
    fn find_installation(&self) -> impl Future<Output = StoreResult<Installation>> + Send;

    /// Closes setup, and says whether it was open until now. Of two at once, one is told so.
    fn close_setup(&mut self, at: Timestamp) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Overwrites the fingerprint of the server's key.
    fn set_key_fingerprint(&mut self, fingerprint: &KeyFingerprint) -> impl Future<Output = StoreResult<()>> + Send;
}
