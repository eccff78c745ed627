//! The server's keys while one takes the place of another.

use vestibule_domain::Secret;

use crate::{ServerKey, ServerKeyed};

/// The key of a server, and the one that is still accepted beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRing {
    current: ServerKey,
    previous: Option<ServerKey>,
}

impl KeyRing {
    /// Everything new is made with `current`; what was made with `previous` is still good.
    #[must_use]
    pub const fn new(current: ServerKey, previous: Option<ServerKey>) -> Self {
        Self { current, previous }
    }

    /// The keyed digests of the server.
    #[must_use]
    pub fn keyed(&self) -> ServerKeyed {
        ServerKeyed::new(&self.current, self.previous.as_ref())
    }

    /// The keys of access tokens that are signed with HMAC, the current one first.
    pub(crate) fn access_tokens(&self) -> Vec<Secret<[u8; 32]>> {
        let keys = [Some(&self.current), self.previous.as_ref()];
        keys.into_iter().flatten().map(ServerKey::access_tokens).collect()
    }
}

impl From<ServerKey> for KeyRing {
    fn from(key: ServerKey) -> Self {
        Self::new(key, None)
    }
}
