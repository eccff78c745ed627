//! The key that the installation knows its server by.

use crate::{
    App, Commit, Keyed, Purpose, Store, StoreResult,
    installation::{Installation, InstallationRepo, KeyFingerprint},
};

/// How the server's key goes with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCheck {
    /// It is the one the database knows, or the first that it sees.
    Known,
    /// The database knows another one: everything that was handed out under that is worth nothing here.
    Unknown,
}

/// Compares the server's keys with the one that the database knows, which becomes the current one when
/// it was none, or the previous one.
///
/// # Errors
/// The store failed.
pub async fn check_key<S: Store>(app: &App<S>) -> StoreResult<KeyCheck> {
    let installation = app.store.conn().find_installation().await?;
    let known = match installation.key_fingerprint {
        None => true,
        Some(found) if found == fingerprint(&installation, app.keyed.as_ref()) => return Ok(KeyCheck::Known),
        Some(found) => app
            .keyed
            .verify(Purpose::KeyFingerprint, &[installation.id.as_uuid().as_bytes()], &found),
    };
    if !known {
        return Ok(KeyCheck::Unknown);
    }
    adopt_key(app).await?;
    Ok(KeyCheck::Known)
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
