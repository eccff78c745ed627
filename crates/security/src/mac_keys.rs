//! Message authentication codes.

use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};
use subtle::{Choice, ConstantTimeEq};
use vestibule_domain::{MacKeys, Purpose};

use crate::SecretKey;

/// The shortest truncated MAC that is accepted. A shorter one could be guessed.
const MIN_MAC_BYTES: usize = 16;

/// HMAC-SHA-256 (RFC 2104) with a separate key for each purpose.
pub struct ServerMacKeys {
    current: PurposeKeys,
    previous: Vec<PurposeKeys>,
}

/// The keys derived from one secret key, in the order in which the purposes are declared.
struct PurposeKeys([Key; Purpose::ALL.len()]);

impl ServerMacKeys {
    /// Derives the keys for signing from `current`. MACs under the keys of `previous` verify too.
    pub(crate) fn new(current: &SecretKey, previous: Option<&SecretKey>) -> Self {
        Self {
            current: PurposeKeys::derive(current),
            previous: previous.into_iter().map(PurposeKeys::derive).collect(),
        }
    }
}

impl PurposeKeys {
    fn derive(key: &SecretKey) -> Self {
        Self(Purpose::ALL.map(|purpose| Key::new(HMAC_SHA256, key.derive(purpose.label()).expose())))
    }

    fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = Context::with_key(&self.0[purpose as usize]);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut mac = [0; 32];
        mac.copy_from_slice(context.sign().as_ref());
        mac
    }

    fn verify(&self, purpose: Purpose, parts: &[&[u8]], mac: &[u8]) -> Choice {
        self.sign(purpose, parts)[..mac.len()].ct_eq(mac)
    }
}

impl MacKeys for ServerMacKeys {
    fn sign(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        self.current.sign(purpose, parts)
    }

    fn verify(&self, purpose: Purpose, parts: &[&[u8]], mac: &[u8]) -> bool {
        if !(MIN_MAC_BYTES..=32).contains(&mac.len()) {
            return false;
        }
        let current = self.current.verify(purpose, parts, mac);
        let verify_also = |verified, keys: &PurposeKeys| verified | keys.verify(purpose, parts, mac);
        self.previous.iter().fold(current, verify_also).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyRing;

    fn key(text: &str) -> SecretKey {
        SecretKey::parse(text).expect("strong")
    }

    #[test]
    fn mac_depends_on_purpose_and_part_boundaries() {
        let keys = KeyRing::from(key("0123456789abcdef0123456789abcdef")).mac_keys();
        let mac = |parts: &[&[u8]]| keys.sign(Purpose::Cursor, parts);
        assert_eq!(mac(&[b"ab", b"c"]), mac(&[b"ab", b"c"]));
        assert_ne!(mac(&[b"ab", b"c"]), mac(&[b"a", b"bc"]));
        assert_ne!(mac(&[b"abc"]), mac(&[b"abc", b""]));
        for purpose in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::Cursor) {
            assert_ne!(mac(&[b"abc"]), keys.sign(purpose, &[b"abc"]), "{purpose:?}");
        }
    }

    #[test]
    fn previous_key_verifies_but_does_not_sign() {
        let (old, new) = (
            key("0123456789abcdef0123456789abcdef"),
            key("fedcba9876543210fedcba9876543210"),
        );
        let before = KeyRing::from(old.clone()).mac_keys();
        let during = KeyRing::new(new.clone(), Some(old)).mac_keys();
        let after = KeyRing::from(new).mac_keys();
        let mac = before.sign(Purpose::Cursor, &[b"abc"]);
        assert!(during.verify(Purpose::Cursor, &[b"abc"], &mac));
        assert!(during.verify(Purpose::Cursor, &[b"abc"], &mac[..16]));
        assert!(!during.verify(Purpose::Cursor, &[b"abc"], &mac[..15]));
        assert!(!during.verify(Purpose::Cursor, &[b"abd"], &mac));
        assert!(!during.verify(Purpose::Setup, &[b"abc"], &mac));
        assert!(!after.verify(Purpose::Cursor, &[b"abc"], &mac));
        assert_eq!(
            during.sign(Purpose::Cursor, &[b"abc"]),
            after.sign(Purpose::Cursor, &[b"abc"])
        );
    }
}
