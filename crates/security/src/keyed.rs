//! Keyed digests.

use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};
use vestibule_domain::{Keyed, Purpose, Secret};

/// HMAC-SHA-256 (RFC 2104) with a key for each purpose.
pub struct ServerKeyed {
    refresh_tokens: Key,
    cursors: Key,
}

impl ServerKeyed {
    pub(crate) fn new(derive: impl Fn(&str) -> Secret<[u8; 32]>) -> Self {
        let key = |purpose: Purpose| Key::new(HMAC_SHA256, derive(purpose.label()).expose());
        Self {
            refresh_tokens: key(Purpose::RefreshToken),
            cursors: key(Purpose::Cursor),
        }
    }
}

impl Keyed for ServerKeyed {
    fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let key = match purpose {
            Purpose::RefreshToken => &self.refresh_tokens,
            Purpose::Cursor => &self.cursors,
        };
        let mut context = Context::with_key(key);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut mac = [0; 32];
        mac.copy_from_slice(context.sign().as_ref());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerKey;

    #[test]
    fn a_digest_depends_on_the_purpose_and_on_where_each_part_ends() {
        let keyed = ServerKey::parse("0123456789abcdef0123456789abcdef")
            .expect("strong")
            .keyed();
        let mac = |parts: &[&[u8]]| keyed.mac(Purpose::Cursor, parts);
        assert_eq!(mac(&[b"ab", b"c"]), mac(&[b"ab", b"c"]));
        assert_ne!(mac(&[b"ab", b"c"]), mac(&[b"a", b"bc"]));
        assert_ne!(mac(&[b"abc"]), mac(&[b"abc", b""]));
        assert_ne!(mac(&[b"abc"]), keyed.mac(Purpose::RefreshToken, &[b"abc"]));
    }
}
