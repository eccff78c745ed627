//! Email addresses, and which of them are one.

use crate::fold;

/// An address as it was typed, with the key that tells whether another one is the same.
///
/// It is shown and mailed as typed at sign-up. `Ada@Example.com` and `ada@example.com` are one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress {
    typed: String,
    key: EmailKey,
}

/// What two spellings of one address share: NFKC, lower case, the domain in its ASCII form (IDNA,
/// UTS 46). Unique in the database, where it is compared byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailKey(String);

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It is longer than RFC 5321 lets an address be.
    #[error("must have at most 254 bytes")]
    TooLong,
    /// It is not one address in plain form.
    #[error("must be an email address, such as ada@example.com")]
    Malformed,
}

/// The longest path of RFC 5321, section 4.5.3.1.3, without its angle brackets.
const MAX_BYTES: usize = 254;

impl EmailAddress {
    /// Trims and checks an address. One with quotes, comments, a display name or an address literal is
    /// refused, although RFC 5322 knows such.
    ///
    /// # Errors
    /// [`EmailError`] when it is too long or not an address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let typed = text.trim();
        if typed.len() > MAX_BYTES {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = typed.split_once('@').ok_or(EmailError::Malformed)?;
        let local = fold(local);
        if domain.contains('@') || !is_dot_atom(&local) {
            return Err(EmailError::Malformed);
        }
        let key = format!("{local}@{}", ascii_domain(domain).ok_or(EmailError::Malformed)?);
        if key.len() > MAX_BYTES {
            return Err(EmailError::TooLong);
        }
        Ok(Self {
            typed: typed.to_owned(),
            key: EmailKey(key),
        })
    }

    /// Takes an address that was checked before it was stored, with its key.
    #[must_use]
    pub const fn from_stored(typed: String, key: String) -> Self {
        Self {
            typed,
            key: EmailKey(key),
        }
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The key under which it is unique.
    #[must_use]
    pub const fn key(&self) -> &EmailKey {
        &self.key
    }
}

impl EmailKey {
    /// The key of whatever somebody typed, to look for an account; `None` when no account can have it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        EmailAddress::parse(text).ok().map(|email| email.key)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a folded local part is a dot-atom (RFC 5322, section 3.2.3), in which letters and digits of
/// any script may stand (RFC 6531).
fn is_dot_atom(local: &str) -> bool {
    let is_atom_text = |c: char| match c {
        c if c.is_ascii() => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
        c => c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c),
    };
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom_text))
}

/// The ASCII form of a domain that has at least two labels and is not an IP address.
fn ascii_domain(domain: &str) -> Option<String> {
    // UTS 46 drops what nobody sees, such as a soft hyphen: a domain has one plain spelling here.
    if !domain
        .chars()
        .all(|c| c == '.' || c == '-' || is_letter_digit_or_mark(c))
    {
        return None;
    }
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, last) = ascii.rsplit_once('.')?;
    let is_top_level = !last.is_empty() && !last.bytes().all(|b| b.is_ascii_digit());
    is_top_level.then_some(ascii)
}

fn is_letter_digit_or_mark(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        EmailAddress::parse(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .key()
            .as_str()
            .to_owned()
    }

    #[test]
    fn an_address_is_kept_as_typed_and_compared_by_its_key() {
        let email = EmailAddress::parse("  Ada.Lovelace@Example.COM ").expect("valid");
        assert_eq!(email.as_str(), "Ada.Lovelace@Example.COM");
        assert_eq!(email.key().as_str(), "ada.lovelace@example.com");
    }

    #[test]
    fn spellings_of_one_address_share_a_key() {
        for (one, other) in [
            ("ada@example.com", "ADA@EXAMPLE.COM"),
            ("\u{212A}elvin@example.com", "kelvin@example.com"), // the Kelvin sign
            ("ａｄａ@ｅｘａｍｐｌｅ.com", "ada@example.com"),    // full width
            ("jos\u{e9}@example.com", "jose\u{301}@example.com"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
    }

    #[test]
    fn letters_that_only_look_alike_stay_apart() {
        for (one, other) in [
            ("ada@example.com", "\u{430}da@example.com"), // Cyrillic a
            ("ali@example.com", "al\u{131}@example.com"), // dotless i
            ("ada+shop@example.com", "ada@example.com"),
            ("a.da@example.com", "ada@example.com"),
        ] {
            assert_ne!(key(one), key(other), "{one}");
        }
    }

    #[test]
    fn what_is_not_one_plain_address_is_refused() {
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@localhost",
            "ada@@example.com",
            "ada@example.com@example.org",
            "ada@example.com.",
            "ada@.example.com",
            "ada@example..com",
            ".ada@example.com",
            "ada.@example.com",
            "a..b@example.com",
            "a b@example.com",
            "ada@exam ple.com",
            "\"ada\"@example.com",
            "Ada <ada@example.com>",
            "ada@127.0.0.1",
            "ada@[127.0.0.1]",
            "ada@-example.com",
            "a\u{200b}da@example.com",
            "ada@exa\u{200b}mple.com",
            "ada@exa\u{ad}mple.com",
            "ada\u{0}@example.com",
            "ada\n@example.com",
            "ada,bob@example.com",
            "ada@example.com,",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(EmailError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn at_most_254_bytes() {
        let local = "a".repeat(254 - "@example.com".len());
        assert!(EmailAddress::parse(&format!("{local}@example.com")).is_ok());
        assert_eq!(
            EmailAddress::parse(&format!("{local}a@example.com")),
            Err(EmailError::TooLong)
        );
        // One code point that folds to eighteen.
        let grown = format!("{}@example.com", "\u{fdfa}".repeat(60));
        assert!(EmailAddress::parse(&grown).is_err());
    }
}
