//! The secret key that the database was set up with.

use crate::{
    model::{Id, Installation, KeyFingerprint},
    ports::{Commit, InstallationRepo, MacKeys, Purpose, Store, StoreResult},
    services::App,
};

/// The result of comparing the configured secret keys with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCheck {
    /// The database was not set up with a key yet.
    First,
    /// The current key is the one that the database was set up with.
    Known,
    /// The database was set up with the previous key, which is still accepted.
    Successor,
    /// The database was set up with a different key. Everything that was issued under that key is invalid now.
    Unknown,
}

/// Compares the configured secret keys with the one that the database was set up with.
///
/// # Errors
/// The store failed.
pub async fn check<S: Store>(app: &App<S>) -> StoreResult<KeyCheck> {
    let Installation {
        id, key_fingerprint, ..
    } = app.store.db().find_installation().await?;
    Ok(compare(id, key_fingerprint.as_ref(), app.mac_keys.as_ref()))
}

/// Compares secret keys with the stored fingerprint of an installation.
#[must_use]
pub fn compare(id: Id<Installation>, stored: Option<&KeyFingerprint>, keys: &dyn MacKeys) -> KeyCheck {
    let uuid = id.as_uuid();
    match stored {
        None => KeyCheck::First,
        Some(stored) if *stored == fingerprint(id, keys) => KeyCheck::Known,
        Some(stored) if keys.verify(Purpose::KeyFingerprint, &[uuid.as_bytes()], stored) => KeyCheck::Successor,
        Some(_) => KeyCheck::Unknown,
    }
}

/// Stores the fingerprint of the current secret key in the database.
///
/// # Errors
/// The store failed.
pub async fn reset<S: Store>(app: &App<S>) -> StoreResult<()> {
    let mut tx = app.store.begin().await?;
    let installation = tx.find_installation().await?;
    tx.set_key_fingerprint(&fingerprint(installation.id, app.mac_keys.as_ref()))
        .await?;
    tx.commit().await
}

fn fingerprint(id: Id<Installation>, keys: &dyn MacKeys) -> KeyFingerprint {
    keys.sign(Purpose::KeyFingerprint, &[id.as_uuid().as_bytes()])
}
