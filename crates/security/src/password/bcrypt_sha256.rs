//! Password hashes in passlib's `bcrypt-sha256` format.
//!
//! Plain bcrypt ignores everything after 72 bytes or a NUL. New hashes are therefore in version 2 of the format, where
//! the input of bcrypt is an HMAC of the whole password: `$bcrypt-sha256$v=2,t=2b,r=12$<salt>$<digest>`. Imported hashes
//! may be plain bcrypt or version 1.

use std::ops::Range;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
    hmac::{self, HMAC_SHA256},
};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use vestibule_domain::{PasswordCheck, PasswordHash};

/// The largest cost that is accepted, also for verification: each step doubles the time.
const MAX_COST: u32 = 16;

/// The number of bytes of a password that plain bcrypt uses.
const PLAIN_MAX_BYTES: usize = 72;

/// The beginning of new hashes, before the cost.
const PREFIX: &str = "$bcrypt-sha256$v=2,t=2b,r=";

/// The format of a hash, which determines the input of bcrypt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// The password: `$2b$12$…`.
    Plain,
    /// The SHA-256 of the password: `$bcrypt-sha256$2b,12$…`.
    Version1,
    /// The HMAC-SHA-256 of the password with the salt as key: `$bcrypt-sha256$v=2,t=2b,r=12$…`.
    Version2,
}

/// The salt for hashing when there is no hash to verify against.
const DUMMY_SALT: &str = "......................";

const BCRYPT_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The prefixes of all accepted formats.
const FORMATS: [(&str, Format); 6] = [
    (PREFIX, Format::Version2),
    ("$bcrypt-sha256$2a,", Format::Version1),
    ("$bcrypt-sha256$2b,", Format::Version1),
    ("$2a$", Format::Plain),
    ("$2b$", Format::Plain),
    ("$2y$", Format::Plain),
];

/// A parsed hash.
#[derive(Debug, PartialEq, Eq)]
struct ParsedHash<'a> {
    format: Format,
    cost: u32,
    salt: &'a str,
    digest: &'a str,
}

/// Hashes a password in version 2 of the format. Returns `None` if the cost is out of range.
pub(super) fn hash(password: &str, cost: u32, salt: [u8; 16]) -> Option<PasswordHash> {
    let salt = BCRYPT_BASE64.encode(salt);
    let digest = bcrypt(prehash(password, &salt).as_bytes(), cost, &salt)?;
    Some(PasswordHash::new(format!("{PREFIX}{cost}${salt}${digest}")))
}

/// Verifies a password. An incorrect one takes as many rounds as one bcrypt at `cost`, even if the hash is missing or
/// malformed, or if it is plain bcrypt and ignores part of the password.
pub(super) fn verify(password: &str, hash: Option<&PasswordHash>, cost: u32) -> PasswordCheck {
    let parsed = hash.and_then(|hash| parse(hash.expose()));
    let Some(hash) = parsed.filter(|hash| hash.format != Format::Plain || fits_plain_bcrypt(password)) else {
        bcrypt(prehash(password, DUMMY_SALT).as_bytes(), cost, DUMMY_SALT);
        return PasswordCheck::Wrong;
    };
    let input = match hash.format {
        Format::Plain => password.to_owned(),
        Format::Version1 => STANDARD.encode(digest(&SHA256, password.as_bytes())),
        Format::Version2 => prehash(password, hash.salt),
    };
    let digest = bcrypt(input.as_bytes(), hash.cost, hash.salt);
    let is_correct =
        digest.is_some_and(|digest| verify_slices_are_equal(digest.as_bytes(), hash.digest.as_bytes()).is_ok());
    match is_correct {
        false => {
            for cost in remaining_costs(hash.cost, cost) {
                bcrypt(input.as_bytes(), cost, DUMMY_SALT);
            }
            PasswordCheck::Wrong
        }
        true if hash.format != Format::Version2 || hash.cost != cost => PasswordCheck::Outdated,
        true => PasswordCheck::Correct,
    }
}

/// Returns the costs of additional hashing after a hash of a lower cost, whose timing would otherwise reveal that the
/// account exists: 2ᵃ + 2ᵃ + 2ᵃ⁺¹ + … + 2ᵇ⁻¹ = 2ᵇ rounds.
fn remaining_costs(spent: u32, cost: u32) -> Range<u32> {
    spent..cost
}

/// Returns whether a password can be verified against the hash.
pub(super) fn is_usable(hash: &PasswordHash) -> bool {
    parse(hash.expose()).is_some()
}

/// Returns whether plain bcrypt uses the whole password.
fn fits_plain_bcrypt(password: &str) -> bool {
    password.len() <= PLAIN_MAX_BYTES && !password.contains('\0')
}

fn parse(text: &str) -> Option<ParsedHash<'_>> {
    let (format, rest) = FORMATS
        .into_iter()
        .find_map(|(prefix, format)| Some((format, text.strip_prefix(prefix)?)))?;
    let (cost, rest) = rest.split_once('$')?;
    let (salt, digest) = match format {
        Format::Plain => rest.split_at_checked(22)?,
        Format::Version1 | Format::Version2 => rest.split_once('$')?,
    };
    let cost = cost.parse().ok().filter(|cost| (4..=MAX_COST).contains(cost))?;
    let is_valid = salt.len() == 22 && digest.len() == 31 && BCRYPT_BASE64.decode(salt).is_ok();
    is_valid.then_some(ParsedHash {
        format,
        cost,
        salt,
        digest,
    })
}

/// Returns the input of bcrypt for a password of any length, as in version 2.
fn prehash(password: &str, salt: &str) -> String {
    let key = hmac::Key::new(HMAC_SHA256, salt.as_bytes());
    STANDARD.encode(hmac::sign(&key, password.as_bytes()))
}

/// Returns the 31 characters of a bcrypt digest.
fn bcrypt(password: &[u8], cost: u32, salt: &str) -> Option<String> {
    let salt: [u8; 16] = BCRYPT_BASE64.decode(salt).ok()?.try_into().ok()?;
    let hash = bcrypt::hash_with_salt(password, cost, salt)
        .ok()?
        .format_for_version(bcrypt::Version::TwoB);
    hash.get(hash.len() - 31..).map(str::to_owned)
}

#[cfg(test)]
mod tests;
