//! The key that the installation knows its server by.

use crate::{
    App, Commit, Keyed, Purpose, Store, StoreResult,
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
    let installation = app.store.conn().find_installation().await?;
    let (id, keyed) = (installation.id.as_uuid(), app.keyed.as_ref());
    Ok(match installation.key_fingerprint {
        None => KeyCheck::First,
        Some(found) if found == fingerprint(&installation, keyed) => KeyCheck::Known,
        Some(found) if keyed.verify(Purpose::KeyFingerprint, &[id.as_bytes()], &found) => KeyCheck::Successor,
        Some(_) => KeyCheck::Unknown,
    })
}

/// Makes the server's key the one that the database knows.
///
/// # Errors
/// The store failed.
pub async fn adopt_key<S: Store>(app: &App<S>) -> StoreResult<()> {
    let mut tx = app.store.begin().await?;
    let installation = tx.find_installation().await?;
    tx.set_key_fingerprint(&fingerprint(&installation, app.keyed.as_ref()))
        .await?;
    tx.commit().await
}

fn fingerprint(installation: &Installation, keyed: &dyn Keyed) -> KeyFingerprint {
    keyed.mac(Purpose::KeyFingerprint, &[installation.id.as_uuid().as_bytes()])
}
