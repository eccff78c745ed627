//! Passwords and their hashes.

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use crate::model::{EmailAddress, Secret, Timestamp, fold};

/// The name of the product, which attackers would guess first.
const PRODUCT: &str = "vestibule";

/// A password as it was typed, in Unicode normalization form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password(Secret<String>);

/// The password is not acceptable as a new password. The messages follow a subject such as "the password".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It has fewer code points than the policy requires.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// It has more than 128 code points.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// It is a common password, the email address of its owner or the name of the product.
    #[error(
        "is too easy to guess; choose one that is not a common password, your email address or the name of this service"
    )]
    Common,
    /// It is easier to guess than the policy allows.
    #[error("is too easy to guess: {0}")]
    Weak(String),
}

impl Password {
    /// The maximum number of code points of a new password.
    pub const MAX_LENGTH: usize = 128;

    /// Creates a password without checking the rules for new passwords, to verify it against a stored hash.
    #[must_use]
    pub fn new_unchecked(text: &str) -> Self {
        Self(Secret::new(text.nfc().collect()))
    }

    /// Checks a new password for the account with this address.
    ///
    /// # Errors
    /// [`PasswordError`] if it is shorter than `min_length`, longer than 128 code points or too common.
    pub fn parse(text: &str, min_length: usize, email: Option<&EmailAddress>) -> Result<Self, PasswordError> {
        let password = Self::new_unchecked(text);
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

    /// Returns the text, for hashing it.
    #[must_use]
    pub const fn expose(&self) -> &String {
        self.0.expose()
    }
}

/// A password hash as stored, such as `$bcrypt-sha256$v=2,t=2b,r=12$…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordHash(Secret<String>);

impl PasswordHash {
    /// Creates a hash from its text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// Returns the text, for storing it or verifying a password against it.
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
    /// The time when the password was set. Upgrading its hash does not change it.
    pub changed_at: Timestamp,
}

impl StoredPassword {
    /// Returns whether the currently stored password is still this one. Its hash may have been upgraded.
    #[must_use]
    pub fn is_current(&self, stored: Option<&Self>) -> bool {
        stored.is_some_and(|stored| stored.changed_at == self.changed_at)
    }
}

/// Common passwords in lower case. None is shorter than eight characters, the minimum of every policy.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Returns whether a folded password is a common one.
fn is_common(folded: &str) -> bool {
    COMMON.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Password, PasswordError> {
        let email = EmailAddress::parse("Ada.Lovelace@example.com").expect("valid");
        Password::parse(text, 8, Some(&email))
    }

    #[test]
    fn password_length_is_counted_in_composed_code_points() {
        assert_eq!(parse("äöüßäöü"), Err(PasswordError::TooShort(8)));
        assert_eq!(parse(&"e\u{301}".repeat(7)), Err(PasswordError::TooShort(8)));
        assert!(parse("äöüßäöüß").is_ok());
        assert!(parse(&"𝒳".repeat(128)).is_ok());
        assert_eq!(parse(&"𝒳".repeat(129)), Err(PasswordError::TooLong(128)));
    }

    #[test]
    fn common_passwords_are_rejected_case_insensitively() {
        for guess in [
            "password",
            "Password1",
            "12345678",
            "Vestibule",
            "ada.lovelace@EXAMPLE.com",
            "qwertyuiop",
        ] {
            assert_eq!(parse(guess), Err(PasswordError::Common), "{guess}");
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
    fn composed_and_decomposed_passwords_are_equal() {
        assert_eq!(
            Password::new_unchecked("caf\u{e9}"),
            Password::new_unchecked("cafe\u{301}")
        );
        assert_ne!(Password::new_unchecked("Cafe"), Password::new_unchecked("cafe"));
    }
}
