//! Passwords and their hashes.

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use crate::model::{EmailAddress, Secret, Timestamp, fold};

/// The product's name, which everybody would try first.
const PRODUCT: &str = "vestibule";

/// A password as somebody typed it, in Unicode normalisation form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password(Secret<String>);

/// Why a password may not be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It has fewer code points than the policy asks for.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// It has more than 128 code points.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// It is among those that attackers try first, or says no more than the address or the product.
    #[error(
        "is too easy to guess; choose one that is not a common password, your email address or the name of this service"
    )]
    Common,
    /// It is guessed more easily than the policy allows.
    #[error("is too easy to guess: {0}")]
    Weak(String),
}

impl Password {
    /// The most code points that a chosen password may have.
    pub const MAX_LENGTH: usize = 128;

    /// A password that is tried against a stored hash. No rule applies: whether it is right is all that
    /// matters.
    #[must_use]
    pub fn attempt(text: &str) -> Self {
        Self(Secret::new(text.nfc().collect()))
    }

    /// A password that somebody chooses for the account with this address.
    ///
    /// # Errors
    /// [`PasswordError`] when it is shorter than `min_length` or longer than 128 code points, or too
    /// easy to guess.
    pub fn choose(text: &str, min_length: usize, email: Option<&EmailAddress>) -> Result<Self, PasswordError> {
        let password = Self::attempt(text);
        let length = password.expose().chars().count();
        if length < min_length {
            return Err(PasswordError::TooShort(min_length));
        }
        if length > Self::MAX_LENGTH {
            return Err(PasswordError::TooLong(Self::MAX_LENGTH));
        }
        let folded = Secret::new(fold(password.expose()));
        let is_email = email.is_some_and(|email| fold(email.as_str()) == *folded.expose());
        if is_email || folded.expose() == PRODUCT || is_common(folded.expose()) {
            return Err(PasswordError::Common);
        }
        Ok(password)
    }

    /// The text, for hashing it.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}

/// A password hash in the form in which it is stored, such as `$bcrypt-sha256$v=2,t=2b,r=12$…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordHash(Secret<String>);

impl PasswordHash {
    /// Takes a hash as it was stored or just made.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// The text, for storing it or verifying against it.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}

/// The stored hash of a user's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPassword {
    /// The hash.
    pub hash: PasswordHash,
    /// When the user got this password. Upgrading its hash does not change this.
    pub changed_at: Timestamp,
}

impl StoredPassword {
    /// Returns whether what is stored now is still the same password, be its hash upgraded or not.
    #[must_use]
    pub fn is_current(&self, stored: Option<&Self>) -> bool {
        stored.is_some_and(|stored| stored.changed_at == self.changed_at)
    }
}

/// One password a line, in lower case; none shorter than eight characters, which no policy allows.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Whether the folded password is a common one.
fn is_common(folded: &str) -> bool {
    COMMON.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(text: &str) -> Result<Password, PasswordError> {
        let email = EmailAddress::parse("Ada.Lovelace@example.com").expect("valid");
        Password::choose(text, 8, Some(&email))
    }

    #[test]
    fn length_is_counted_in_code_points_after_composing() {
        assert_eq!(choose("äöüßäöü"), Err(PasswordError::TooShort(8)));
        assert_eq!(choose(&"e\u{301}".repeat(7)), Err(PasswordError::TooShort(8)));
        assert!(choose("äöüßäöüß").is_ok());
        assert!(choose(&"𝒳".repeat(128)).is_ok());
        assert_eq!(choose(&"𝒳".repeat(129)), Err(PasswordError::TooLong(128)));
    }

    #[test]
    fn what_everybody_would_try_is_refused_in_any_case() {
        for guess in [
            "password",
            "Password1",
            "12345678",
            "Vestibule",
            "ada.lovelace@EXAMPLE.com",
            "qwertyuiop",
        ] {
            assert_eq!(choose(guess), Err(PasswordError::Common), "{guess}");
        }
    }

    #[test]
    fn upgraded_hash_is_the_same_password_and_a_changed_one_is_not() {
        let at = chrono::DateTime::UNIX_EPOCH;
        let stored = |hash: &str, changed_at| StoredPassword {
            hash: PasswordHash::new(hash.to_owned()),
            changed_at,
        };
        let verified = stored("$2b$04$old", at);
        assert!(verified.is_current(Some(&stored("$bcrypt-sha256$new", at))));
        let later = at + chrono::TimeDelta::microseconds(1);
        assert!(!verified.is_current(Some(&stored("$2b$04$old", later))));
        assert!(!verified.is_current(None));
    }

    #[test]
    fn composed_and_decomposed_spellings_are_one_password() {
        assert_eq!(Password::attempt("caf\u{e9}"), Password::attempt("cafe\u{301}"));
        assert_ne!(Password::attempt("Cafe"), Password::attempt("cafe"));
    }
}
