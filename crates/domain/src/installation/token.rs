//! The token by which whoever can read the server's log proves it.

use crate::{Id, Keyed, Purpose, installation::Installation};

/// The setup token: a digest of the installation's identifier, so the same on every instance, and known
/// neither from the database alone nor from the key alone.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupToken([u8; 32]);

impl SetupToken {
    /// The token of an installation.
    pub(super) fn of(id: Id<Installation>, keyed: &dyn Keyed) -> Self {
        Self(keyed.mac(Purpose::Setup, &[id.as_uuid().as_bytes()]))
    }

    /// Whether it is the token of this installation.
    pub(super) fn is_genuine(&self, id: Id<Installation>, keyed: &dyn Keyed) -> bool {
        keyed.verify(Purpose::Setup, &[id.as_uuid().as_bytes()], &self.0)
    }

    /// Takes bytes that somebody handed in. Whether they are genuine is seen later.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to hand out.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }
}
