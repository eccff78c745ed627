//! The secret key of a server, from which all other keys are derived, and its rotation.

use std::collections::BTreeSet;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::{Engine, engine::general_purpose::STANDARD};
use vestibule_domain::{Rng, Secret};

use crate::{ServerFactorCrypto, ServerMacKeys};

/// Separates these keys from keys that another program derives from the same secret.
const SALT: &[u8] = b"vestibule";

const ACCESS_TOKEN_LABEL: &str = "vestibule/access-token/hs256/v1";

const MIN_BYTES: usize = 32;
const MIN_DISTINCT_BYTES: usize = 8;

/// The secret key of a server. All instances that share a database have the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretKey(Secret<String>);

/// The error of parsing a [`SecretKey`] that could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have at least 32 bytes, of which at least 8 are different; generate a key with `vestibule key generate`")]
pub struct WeakKeyError;

impl SecretKey {
    /// Parses a secret as configured by an operator. The bytes are used as they are, not decoded.
    ///
    /// # Errors
    /// Returns [`WeakKeyError`] for fewer than 32 bytes, or fewer than 8 distinct ones.
    pub fn parse(text: &str) -> Result<Self, WeakKeyError> {
        let distinct: BTreeSet<u8> = text.bytes().collect();
        if text.len() < MIN_BYTES || distinct.len() < MIN_DISTINCT_BYTES {
            return Err(WeakKeyError);
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// Generates a secret of 256 bits.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut bytes = [0; MIN_BYTES];
        rng.fill(&mut bytes);
        Self(Secret::new(STANDARD.encode(Secret::new(bytes).expose())))
    }

    /// Returns the secret as text, in the form that [`Self::parse`] accepts.
    #[must_use]
    pub fn encode(&self) -> Secret<String> {
        self.0.clone()
    }

    /// Derives the key that signs access tokens with HMAC.
    pub(crate) fn access_token_key(&self) -> Secret<[u8; 32]> {
        self.derive(ACCESS_TOKEN_LABEL)
    }

    /// Derives the key for a label (HKDF-SHA-256, RFC 5869).
    #[expect(
        clippy::expect_used,
        reason = "the requested length is constant and far below the limit of HKDF"
    )]
    pub(crate) fn derive(&self, label: &str) -> Secret<[u8; 32]> {
        let mut key = [0; 32];
        Salt::new(HKDF_SHA256, SALT)
            .extract(self.0.expose().as_bytes())
            .expand(&[label.as_bytes()], Length)
            .and_then(|okm| okm.fill(&mut key))
            .expect("HKDF returns 32 bytes");
        Secret::new(key)
    }
}

/// The secret key of a server, and the previous one while keys are rotated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRing {
    current: SecretKey,
    previous: Option<SecretKey>,
}

impl KeyRing {
    /// Creates a key ring that signs with `current`, and still accepts signatures of `previous`.
    #[must_use]
    pub const fn new(current: SecretKey, previous: Option<SecretKey>) -> Self {
        Self { current, previous }
    }

    /// Derives the MAC keys of the server.
    #[must_use]
    pub fn mac_keys(&self) -> ServerMacKeys {
        ServerMacKeys::new(&self.current, self.previous.as_ref())
    }

    /// Derives the keys of second factors.
    #[must_use]
    pub fn factor_crypto(&self) -> ServerFactorCrypto {
        ServerFactorCrypto::new(&self.current, self.previous.as_ref())
    }

    /// Derives the keys of access tokens that are signed with HMAC, the current one first.
    pub(crate) fn access_token_keys(&self) -> Vec<Secret<[u8; 32]>> {
        let keys = [Some(&self.current), self.previous.as_ref()];
        keys.into_iter().flatten().map(SecretKey::access_token_key).collect()
    }
}

impl From<SecretKey> for KeyRing {
    fn from(key: SecretKey) -> Self {
        Self::new(key, None)
    }
}

/// The length of a derived key.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRng;

    #[test]
    fn parse_rejects_weak_secret() {
        for weak in [
            "",
            "secret",
            "0123456789012345678901234567890",
            &"a".repeat(64),
            &"ab1".repeat(30),
        ] {
            assert_eq!(SecretKey::parse(weak), Err(WeakKeyError), "{weak}");
        }
        assert!(SecretKey::parse("0123456789abcdef0123456789abcdef").is_ok());
    }

    #[test]
    fn generated_secrets_are_strong_and_unique() {
        let [one, other] = [(); 2].map(|()| SecretKey::generate(&SystemRng));
        assert_ne!(one, other);
        assert_eq!(SecretKey::parse(one.encode().expose()), Ok(one));
    }

    #[test]
    fn derived_keys_differ_by_label_and_secret() {
        let key = |text: &str, label: &str| *SecretKey::parse(text).expect("strong").derive(label).expose();
        let (one, other) = ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdeg");
        assert_eq!(key(one, "a"), key(one, "a"));
        assert_ne!(key(one, "a"), key(one, "b"));
        assert_ne!(key(one, "a"), key(other, "a"));
    }
}
