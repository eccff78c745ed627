//! The installation: one database and the servers that share it.

use crate::model::{Id, Timestamp};

/// One database and the servers that share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its random identifier, generated when the database is created.
    pub id: Id<Installation>,
    /// The time when setup was completed; `None` while it is open.
    pub setup_closed_at: Option<Timestamp>,
    /// The fingerprint of the secret key that the database was set up with.
    pub key_fingerprint: Option<KeyFingerprint>,
}

/// A digest that identifies a secret key without revealing it. It is different for each installation.
pub type KeyFingerprint = [u8; 32];

impl Installation {
    /// Returns whether there has never been an administrator.
    #[must_use]
    pub const fn is_setup_open(&self) -> bool {
        self.setup_closed_at.is_none()
    }
}
