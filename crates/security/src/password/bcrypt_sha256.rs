//! How password hashes are written, and the hashing itself.
//!
//! bcrypt alone cuts a password at 72 bytes and ends it at a NUL. New hashes are therefore in passlib's
//! `bcrypt-sha256` format, version 2, where bcrypt is given a keyed digest of the whole password:
//! `$bcrypt-sha256$v=2,t=2b,r=12$<salt>$<digest>`. Plain hashes and those of version 1, as other programs
//! left them, are verified as they are.

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

/// The largest cost that is worked through, be it only to verify: each step more doubles the time.
const MAX_COST: u32 = 16;

/// What plain bcrypt takes of a password, in bytes.
const PLAIN_LIMIT: usize = 72;

const PREFIX: &str = "$bcrypt-sha256$v=2,t=2b,r=";

/// What bcrypt is given of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The password itself: `$2b$12$…`.
    Plain,
    /// Its SHA-256: `$bcrypt-sha256$2b,12$…`, version 1.
    Digest,
    /// Its HMAC-SHA-256 under the salt, version 2.
    Sha256,
}

/// The salt for hashing where there is nothing to verify against.
const NO_SALT: &str = "......................";

const BCRYPT_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// How a hash of each form begins.
const FORMS: [(&str, Form); 6] = [
    (PREFIX, Form::Sha256),
    ("$bcrypt-sha256$2a,", Form::Digest),
    ("$bcrypt-sha256$2b,", Form::Digest),
    ("$2a$", Form::Plain),
    ("$2b$", Form::Plain),
    ("$2y$", Form::Plain),
];

/// A stored hash, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Stored<'a> {
    form: Form,
    cost: u32,
    salt: &'a str,
    digest: &'a str,
}

/// Hashes a password with a new salt.
pub(super) fn hash(password: &str, cost: u32, salt: [u8; 16]) -> Option<PasswordHash> {
    let salt = BCRYPT_BASE64.encode(salt);
    let digest = bcrypt(prehash(password, &salt).as_bytes(), cost, &salt)?;
    Some(PasswordHash::new(format!("{PREFIX}{cost}${salt}${digest}")))
}

/// Verifies a password with the rounds of one bcrypt at `cost`: against the stored hash, or, where that is
/// missing, malformed or beyond this password, against nothing.
pub(super) fn verify(password: &str, stored: Option<&PasswordHash>, cost: u32) -> PasswordCheck {
    let parsed = stored.and_then(|stored| parse(stored.expose()));
    let Some(stored) = parsed.filter(|stored| stored.form != Form::Plain || is_plain_bcrypt(password)) else {
        bcrypt(prehash(password, NO_SALT).as_bytes(), cost, NO_SALT);
        return PasswordCheck::Wrong;
    };
    let given = match stored.form {
        Form::Plain => password.to_owned(),
        Form::Digest => STANDARD.encode(digest(&SHA256, password.as_bytes())),
        Form::Sha256 => prehash(password, stored.salt),
    };
    let digest = bcrypt(given.as_bytes(), stored.cost, stored.salt);
    let is_right =
        digest.is_some_and(|digest| verify_slices_are_equal(digest.as_bytes(), stored.digest.as_bytes()).is_ok());
    match is_right {
        false => {
            for rest in rest_of_work(stored.cost, cost) {
                bcrypt(given.as_bytes(), rest, NO_SALT);
            }
            PasswordCheck::Wrong
        }
        true if stored.form != Form::Sha256 || stored.cost != cost => PasswordCheck::Outdated,
        true => PasswordCheck::Correct,
    }
}

/// The costs at which to hash for nothing after a hash of a lower cost, whose time would tell that there is
/// such an account: 2ᵃ + 2ᵃ + 2ᵃ⁺¹ + … + 2ᵇ⁻¹ rounds are 2ᵇ.
fn rest_of_work(spent: u32, cost: u32) -> Range<u32> {
    spent..cost
}

/// Whether a password can be verified against a hash.
pub(super) fn is_usable(hash: &PasswordHash) -> bool {
    parse(hash.expose()).is_some()
}

/// Whether plain bcrypt takes all of the password.
fn is_plain_bcrypt(password: &str) -> bool {
    password.len() <= PLAIN_LIMIT && !password.contains('\0')
}

fn parse(text: &str) -> Option<Stored<'_>> {
    let (form, rest) = FORMS
        .into_iter()
        .find_map(|(prefix, form)| Some((form, text.strip_prefix(prefix)?)))?;
    let (cost, rest) = rest.split_once('$')?;
    let (salt, digest) = match form {
        Form::Plain => rest.split_at_checked(22)?,
        Form::Digest | Form::Sha256 => rest.split_once('$')?,
    };
    let cost = cost.parse().ok().filter(|cost| (4..=MAX_COST).contains(cost))?;
    let is_whole = salt.len() == 22 && digest.len() == 31 && BCRYPT_BASE64.decode(salt).is_ok();
    is_whole.then_some(Stored {
        form,
        cost,
        salt,
        digest,
    })
}

/// What bcrypt is given of a password of any length.
fn prehash(password: &str, salt: &str) -> String {
    let key = hmac::Key::new(HMAC_SHA256, salt.as_bytes());
    STANDARD.encode(hmac::sign(&key, password.as_bytes()))
}

/// The 31 characters of a bcrypt digest.
fn bcrypt(password: &[u8], cost: u32, salt: &str) -> Option<String> {
    let salt: [u8; 16] = BCRYPT_BASE64.decode(salt).ok()?.try_into().ok()?;
    let whole = bcrypt::hash_with_salt(password, cost, salt)
        .ok()?
        .format_for_version(bcrypt::Version::TwoB);
    whole.get(whole.len() - 31..).map(str::to_owned)
}

#[cfg(test)]
mod tests;
