//! The key that the installation knows its server by.

use crate::{
    App, Commit, Id, Keyed, Purpose, Store, StoreResult,
    installation::{Installation, InstallationRepo, KeyFingerprint},
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
pub async fn check_key<S: Store>(app: &App<S>) -> StoreResult<KeyCheck> {
    let Installation {
        id, key_fingerprint, ..
    } = app.store.conn().find_installation().await?;
    Ok(compare_key(id, key_fingerprint.as_ref(), app.keyed.as_ref()))
}

/// Compares the server's keys with the fingerprint that an installation has stored.
#[must_use]
pub fn compare_key(id: Id<Installation>, stored: Option<&KeyFingerprint>, keyed: &dyn Keyed) -> KeyCheck {
    let uuid = id.as_uuid();
    match stored {
        None => KeyCheck::First,
        Some(stored) if *stored == fingerprint(id, keyed) => KeyCheck::Known,
        Some(stored) if keyed.verify(Purpose::KeyFingerprint, &[uuid.as_bytes()], stored) => KeyCheck::Successor,
        Some(_) => KeyCheck::Unknown,
    }
}

/// Makes the server's key the one that the database knows.
///
/// # Errors
/// The store failed.
pub async fn adopt_key<S: Store>(app: &App<S>) -> StoreResult<()> {
    let mut tx = app.store.begin().await?;
    let installation = tx.find_installation().await?;
    tx.set_key_fingerprint(&fingerprint(installation.id, app.keyed.as_ref()))
        .await?;
    tx.commit().await
}

fn fingerprint(id: Id<Installation>, keyed: &dyn Keyed) -> KeyFingerprint {
    keyed.mac(Purpose::KeyFingerprint, &[id.as_uuid().as_bytes()])
}
