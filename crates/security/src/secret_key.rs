//! The one secret of a server, from which all its keys are derived.

use std::collections::BTreeSet;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::{Engine, engine::general_purpose::STANDARD};
use vestibule_domain::{Rng, Secret};

/// Separates our keys from those that another program derives from the same secret.
const SALT: &[u8] = b"vestibule";

const ACCESS_TOKENS: &str = "vestibule/access-token/hs256/v1";

const MIN_BYTES: usize = 32;
const MIN_DISTINCT_BYTES: usize = 8;

/// The secret of a server: the same on every instance that shares a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretKey(Secret<String>);

/// The secret could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 32 random bytes or more; `openssl rand -base64 32` makes them")]
pub struct WeakKey;

impl SecretKey {
    /// Takes a secret as an operator wrote it. Its bytes count as they are.
    ///
    /// # Errors
    /// [`WeakKey`] when it has fewer than 32 bytes, or fewer than 8 different ones.
    pub fn parse(text: &str) -> Result<Self, WeakKey> {
        let distinct: BTreeSet<u8> = text.bytes().collect();
        if text.len() < MIN_BYTES || distinct.len() < MIN_DISTINCT_BYTES {
            return Err(WeakKey);
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// Makes a new secret of 256 bits.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut bytes = [0; MIN_BYTES];
        rng.fill(&mut bytes);
        Self(Secret::new(STANDARD.encode(Secret::new(bytes).expose())))
    }

    /// The secret as text, to be kept.
    #[must_use]
    pub fn encode(&self) -> Secret<String> {
        self.0.clone()
    }

    /// The key that signs access tokens with HMAC.
    pub(crate) fn access_tokens(&self) -> Secret<[u8; 32]> {
        self.derive(ACCESS_TOKENS)
    }

    /// Derives the key with this label (HKDF-SHA-256, RFC 5869).
    #[expect(
        clippy::expect_used,
        reason = "the length that is asked for is fixed and far below the limit of HKDF"
    )]
    pub(crate) fn derive(&self, label: &str) -> Secret<[u8; 32]> {
        let mut key = [0; 32];
        Salt::new(HKDF_SHA256, SALT)
            .extract(self.0.expose().as_bytes())
            .expand(&[label.as_bytes()], Length)
            .and_then(|okm| okm.fill(&mut key))
            .expect("HKDF gives 32 bytes");
        Secret::new(key)
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
    fn a_secret_that_could_be_guessed_is_refused() {
        for weak in [
            "",
            "secret",
            "0123456789012345678901234567890",
            &"a".repeat(64),
            &"ab1".repeat(30),
        ] {
            assert_eq!(SecretKey::parse(weak), Err(WeakKey), "{weak}");
        }
        assert!(SecretKey::parse("0123456789abcdef0123456789abcdef").is_ok());
    }

    #[test]
    fn a_generated_secret_is_good_and_new_each_time() {
        let [one, other] = [(); 2].map(|()| SecretKey::generate(&SystemRng));
        assert_ne!(one, other);
        assert_eq!(SecretKey::parse(one.encode().expose()), Ok(one));
    }

    #[test]
    fn keys_differ_by_label_and_secret() {
        let key = |text: &str, label: &str| *SecretKey::parse(text).expect("strong").derive(label).expose();
        let (one, other) = ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdeg");
        assert_eq!(key(one, "a"), key(one, "a"));
        assert_ne!(key(one, "a"), key(one, "b"));
        assert_ne!(key(one, "a"), key(other, "a"));
    }
}
