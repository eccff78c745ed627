//! Codes of authenticator apps.

use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use data_encoding::BASE32_NOPAD;
use vestibule_domain::Timestamp;

/// Returns the code that an authenticator app shows for a secret in Base32 at this time (RFC 6238).
#[must_use]
pub fn totp_code(secret: &str, at: Timestamp) -> String {
    let key = BASE32_NOPAD.decode(secret.as_bytes()).expect("Base32");
    let step = u64::try_from(at.timestamp()).expect("a time after 1970") / 30;
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let mac = sign(&key, &step.to_be_bytes());
    let offset = usize::from(mac.as_ref()[19] & 0xf);
    let digits: [u8; 4] = mac.as_ref()[offset..offset + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(digits) & 0x7fff_ffff) % 1_000_000)
}
