//! Cryptography of second factors.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hmac,
};
use vestibule_domain::{FactorCrypto, OpenedSecret, Rng, Secret};

use crate::{SecretKey, SystemRng};

const LABEL: &str = "vestibule/totp-secret/aes-256-gcm/v1";

/// The first byte of an encrypted secret, for the case that its form changes.
const VERSION: u8 = 1;

/// Encrypts with AES-256-GCM (NIST SP 800-38D) under keys that are derived from the secret key of the server. An encrypted
/// secret is the version, a random nonce of 12 bytes, the ciphertext and the tag; its owner is authenticated too.
pub struct ServerFactorCrypto {
    current: LessSafeKey,
    previous: Option<LessSafeKey>,
}

impl ServerFactorCrypto {
    /// Derives the key for encryption from `current`. Secrets under the key of `previous` can be decrypted too.
    pub(crate) fn new(current: &SecretKey, previous: Option<&SecretKey>) -> Self {
        Self {
            current: derive(current),
            previous: previous.map(derive),
        }
    }
}

#[expect(clippy::expect_used, reason = "the derived key has the length that AES-256 requires")]
fn derive(key: &SecretKey) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM, key.derive(LABEL).expose());
    LessSafeKey::new(key.expect("32 bytes"))
}

fn open_with(key: &LessSafeKey, owner: &[u8], nonce: [u8; NONCE_LEN], ciphertext: &[u8]) -> Option<Secret<Vec<u8>>> {
    let mut bytes = ciphertext.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let length = key.open_in_place(nonce, Aad::from(owner), &mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(Secret::new(bytes))
}

impl FactorCrypto for ServerFactorCrypto {
    #[expect(clippy::expect_used, reason = "the length is far below the limit of AES-GCM")]
    fn seal(&self, owner: &[u8], secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        SystemRng.fill(&mut nonce);
        let mut bytes = secret.to_vec();
        let tag = self
            .current
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut bytes)
            .expect("encryption of a short text succeeds");
        [&[VERSION], nonce.as_slice(), &bytes, tag.as_ref()].concat()
    }

    fn open(&self, owner: &[u8], sealed: &[u8]) -> Option<OpenedSecret> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>()?;
        if *version != VERSION {
            return None;
        }
        if let Some(secret) = open_with(&self.current, owner, *nonce, ciphertext) {
            return Some(OpenedSecret {
                secret,
                outdated: false,
            });
        }
        let secret = open_with(self.previous.as_ref()?, owner, *nonce, ciphertext)?;
        Some(OpenedSecret { secret, outdated: true })
    }

    fn is_rotating(&self) -> bool {
        self.previous.is_some()
    }

    fn hmac_sha1(&self, key: &[u8], message: &[u8]) -> [u8; 20] {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        let mut mac = [0; 20];
        mac.copy_from_slice(hmac::sign(&key, message).as_ref());
        mac
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use vestibule_domain::TotpCode;

    use super::*;
    use crate::KeyRing;

    fn key(text: &str) -> SecretKey {
        SecretKey::parse(text).expect("strong")
    }

    #[test]
    fn sealed_secret_opens_only_for_its_owner_and_unchanged() {
        let crypto = KeyRing::from(key("0123456789abcdef0123456789abcdef")).factor_crypto();
        let sealed = crypto.seal(b"ada", b"12345678901234567890");
        let opened = crypto.open(b"ada", &sealed).expect("opens");
        assert_eq!(
            (opened.secret.expose().as_slice(), opened.outdated),
            (b"12345678901234567890".as_slice(), false)
        );
        assert_ne!(
            crypto.seal(b"ada", b"12345678901234567890"),
            sealed,
            "the nonce is random"
        );
        assert_eq!(crypto.open(b"bob", &sealed), None);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(crypto.open(b"ada", &changed), None, "byte {index}");
            assert_eq!(crypto.open(b"ada", &sealed[..index]), None, "{index} bytes");
        }
    }

    #[test]
    fn previous_key_opens_but_does_not_seal() {
        let (old, new) = (
            key("0123456789abcdef0123456789abcdef"),
            key("fedcba9876543210fedcba9876543210"),
        );
        let before = KeyRing::from(old.clone()).factor_crypto();
        let during = KeyRing::new(new.clone(), Some(old)).factor_crypto();
        let after = KeyRing::from(new).factor_crypto();
        let sealed = before.seal(b"ada", b"secret");
        assert!(during.open(b"ada", &sealed).is_some_and(|opened| opened.outdated));
        assert_eq!(after.open(b"ada", &sealed), None);
        assert!(after.open(b"ada", &during.seal(b"ada", b"secret")).is_some());
    }

    /// The test vectors of RFC 6238, appendix B, for SHA-1, with the last six of their eight digits.
    #[test]
    fn codes_match_rfc_6238() {
        let crypto = KeyRing::from(key("0123456789abcdef0123456789abcdef")).factor_crypto();
        for (seconds, code) in [
            (59_u64, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = seconds / 30;
            let mac = crypto.hmac_sha1(b"12345678901234567890", &step.to_be_bytes());
            assert_eq!(TotpCode::from_mac(&mac).to_string(), code);
        }
    }

    #[test]
    fn digest_depends_on_part_boundaries() {
        let crypto = KeyRing::from(key("0123456789abcdef0123456789abcdef")).factor_crypto();
        assert_ne!(crypto.digest(&[b"ab", b"c"]), crypto.digest(&[b"a", b"bc"]));
    }
}
