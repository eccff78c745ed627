//! The secret key that the database was set up with.

use crate::{
    model::{Id, Installation, KeyFingerprint},
    ports::{Commit, InstallationRepo, MacKeys, Purpose, Store, StoreResult},
    services::App,
};

/// How the server's key goes with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCheck {
    /// The database has seen no key yet.
    First,
    /// It is the one that the database knows.
    Known,
    /// The database knows the one that is still accepted beside it.
    Successor,
    /// The database knows another one: everything that was handed out under that is worth nothing here.
    Unknown,
}

/// Compares the server's keys with the one that the database knows.
///
/// # Errors
/// The store failed.
pub async fn check<S: Store>(app: &App<S>) -> StoreResult<KeyCheck> {
    let Installation {
        id, key_fingerprint, ..
    } = app.store.db().find_installation().await?;
    Ok(compare(id, key_fingerprint.as_ref(), app.mac_keys.as_ref()))
}

/// Compares the server's keys with the fingerprint that an installation has stored.
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

/// Makes the server's key the one that the database knows.
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
