//! The server's keys while one takes the place of another.

use vestibule_domain::Secret;

use crate::{SecretKey, ServerMacKeys};

/// The key of a server, and the one that is still accepted beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRing {
    current: SecretKey,
    previous: Option<SecretKey>,
}

impl KeyRing {
    /// Everything new is made with `current`; what was made with `previous` is still good.
    #[must_use]
    pub const fn new(current: SecretKey, previous: Option<SecretKey>) -> Self {
        Self { current, previous }
    }

    /// The keyed digests of the server.
    #[must_use]
    pub fn mac_keys(&self) -> ServerMacKeys {
        ServerMacKeys::new(&self.current, self.previous.as_ref())
    }

    /// The keys of access tokens that are signed with HMAC, the current one first.
    pub(crate) fn access_tokens(&self) -> Vec<Secret<[u8; 32]>> {
        let keys = [Some(&self.current), self.previous.as_ref()];
        keys.into_iter().flatten().map(SecretKey::access_tokens).collect()
    }
}

impl From<SecretKey> for KeyRing {
    fn from(key: SecretKey) -> Self {
        Self::new(key, None)
    }
}
