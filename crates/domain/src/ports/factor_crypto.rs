//! The port to the cryptography of second factors.

use crate::model::Secret;

/// Encrypts the secrets of authenticator apps, and computes codes and digests.
pub trait FactorCrypto: Send + Sync {
    /// Encrypts a secret under a key that is derived from the secret key of the server. The result is bound to `owner`.
    fn seal(&self, owner: &[u8], secret: &[u8]) -> Vec<u8>;

    /// Decrypts a secret that was encrypted for `owner` under the current key, or a previous key that is still accepted.
    /// Returns `None` if it was not.
    fn open(&self, owner: &[u8], sealed: &[u8]) -> Option<OpenedSecret>;

    /// Returns whether a previous key is still accepted.
    fn is_rotating(&self) -> bool;

    /// Returns the HMAC-SHA-1 of a message, which codes of authenticator apps are derived from (RFC 4226).
    fn hmac_sha1(&self, key: &[u8], message: &[u8]) -> [u8; 20];

    /// Returns the SHA-256 digest of the parts. Each part is preceded by its length.
    fn digest(&self, parts: &[&[u8]]) -> [u8; 32];
}

/// A decrypted secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedSecret {
    /// The secret.
    pub secret: Secret<Vec<u8>>,
    /// True if it was encrypted under a previous key, so that it should be encrypted again.
    pub outdated: bool,
}
