//! The installation: one database and the servers that share it.

use crate::model::{Id, Timestamp};

/// One database and the servers that share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its identifier, random, made with the database.
    pub id: Id<Installation>,
    /// When setup was over; `None` while it is open.
    pub setup_closed_at: Option<Timestamp>,
    /// The key of the server that last made itself known.
    pub key_fingerprint: Option<KeyFingerprint>,
}

/// A digest that only one key makes for one installation, and that gives nothing of the key away.
pub type KeyFingerprint = [u8; 32];

impl Installation {
    /// Whether nobody has been an administrator yet.
    #[must_use]
    pub const fn is_setup_open(&self) -> bool {
        self.setup_closed_at.is_none()
    }
}
