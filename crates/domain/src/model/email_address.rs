//! Email addresses.

use unicode_normalization::UnicodeNormalization;

use crate::model::fold;

/// An address as it was typed, with the key that tells whether another one is the same.
///
/// It is shown and mailed as typed at sign-up. `Ada@Example.com` and `ada@example.com` are one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress {
    typed: String,
    key: NormalizedEmail,
}

/// What two spellings of one address share: NFKC, lower case, the domain in its ASCII form (IDNA,
/// UTS 46). Unique in the database, where it is compared byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalizedEmail(String);

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It is longer than RFC 5321 lets an address be.
    #[error("must have at most 254 bytes")]
    TooLong,
    /// It is not one address in plain form.
    #[error("must be an email address, such as ada@example.com")]
    Malformed,
    /// It has a compatibility character: a mail system delivers to another mailbox than the one that has the
    /// same key.
    #[error("must not contain {0}, a variant of another character; type the plain one, such as b in place of ｂ")]
    Compatibility(char),
}

/// The longest path of RFC 5321, section 4.5.3.1.3, without its angle brackets.
const MAX_BYTES: usize = 254;

impl EmailAddress {
    /// Trims and checks an address. One with quotes, comments, a display name or an address literal is
    /// refused, although RFC 5322 knows such. So is one with compatibility characters, as in PRECIS
    /// identifiers (RFC 8264, section 9.17): `ｂob@example.com` would take the place of `bob@example.com`,
    /// which is another mailbox.
    ///
    /// # Errors
    /// [`EmailError`] when it is too long, not an address or spelt with compatibility characters.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let email = Self::parse_stored(text)?;
        match email.typed.chars().find(|c| is_compatibility_character(*c)) {
            Some(variant) => Err(EmailError::Compatibility(variant)),
            None => Ok(email),
        }
    }

    /// Reads an address that was accepted earlier, by rules that let compatibility characters pass.
    ///
    /// # Errors
    /// [`EmailError`] when it is too long or not an address.
    pub fn parse_stored(text: &str) -> Result<Self, EmailError> {
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
            key: NormalizedEmail(key),
        })
    }

    /// Takes an address that was checked before it was stored, with its key.
    #[must_use]
    pub const fn new_unchecked(typed: String, key: String) -> Self {
        Self {
            typed,
            key: NormalizedEmail(key),
        }
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The key under which it is unique.
    #[must_use]
    pub const fn normalized(&self) -> &NormalizedEmail {
        &self.key
    }
}

impl NormalizedEmail {
    /// The key of whatever somebody typed, to look for an account; `None` when no account can have it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    /// Reads an address to look for an account; unlike a new account, it may be spelt with compatibility
    /// characters.
    ///
    /// # Errors
    /// [`EmailError`] when it is too long or not an address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        EmailAddress::parse_stored(text).map(|email| email.key)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether folding turns a character into others by more than its case: into those that it is a variant of
/// (NFKC), as `ſ` or `①`, into another single one that it is equivalent to, as the Kelvin sign, or into
/// ASCII. What is only composed or decomposed stays the same text to a mail system.
fn is_compatibility_character(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    let one = || std::iter::once(c);
    let composed: Vec<char> = one().nfc().collect();
    let is_other_single = composed.len() == 1 && composed[0] != c;
    let is_variant = !one().nfd().eq(one().nfkd());
    is_variant || is_other_single || c.to_lowercase().any(|lower| lower.is_ascii())
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
            .normalized()
            .as_str()
            .to_owned()
    }

    #[test]
    fn an_address_is_kept_as_typed_and_compared_by_its_key() {
        let email = EmailAddress::parse("  Ada.Lovelace@Example.COM ").expect("valid");
        assert_eq!(email.as_str(), "Ada.Lovelace@Example.COM");
        assert_eq!(email.normalized().as_str(), "ada.lovelace@example.com");
    }

    #[test]
    fn spellings_of_one_address_share_a_key() {
        for (one, other) in [
            ("ada@example.com", "ADA@EXAMPLE.COM"),
            ("jos\u{e9}@example.com", "jose\u{301}@example.com"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
        }
    }

    /// Decides for each character that folding changes by more than its case: an address with it is rejected,
    /// but still finds the account that has the same key.
    #[test]
    fn compatibility_characters_are_rejected_and_still_looked_up() {
        for (text, found) in [
            ("\u{ff42}ob@example.com", "bob@example.com"), // full width
            ("bob@\u{ff45}xample.com", "bob@example.com"),
            ("\u{212a}elvin@example.com", "kelvin@example.com"), // the Kelvin sign
            ("kelvin@\u{212a}.example.com", "kelvin@k.example.com"),
            ("o\u{2126}@example.com", "o\u{3c9}@example.com"), // the ohm sign
            ("\u{212b}sa@example.com", "\u{e5}sa@example.com"), // the \u{e5}ngstr\u{f6}m sign
            ("bo\u{17f}s@example.com", "boss@example.com"),    // long s
            ("bos\u{df}@example.com", "bos\u{df}@example.com"),
            ("\u{2460}@example.com", "1@example.com"),        // circled digit
            ("x\u{b2}@example.com", "x2@example.com"),        // superscript
            ("\u{fb01}n@example.com", "fin@example.com"),     // ligature
            ("\u{1d41b}ob@example.com", "bob@example.com"),   // mathematical bold
            ("n\u{ba}@example.com", "no@example.com"),        // ordinal indicator
            ("\u{1c4}@example.com", "d\u{17e}@example.com"),  // digraph
            ("\u{2168}@example.com", "ix@example.com"),       // roman numeral
            ("\u{130}@example.com", "i\u{307}@example.com"),  // folds into ASCII
            ("\u{ff76}@example.com", "\u{30ab}@example.com"), // half-width katakana
            ("\u{f900}@example.com", "\u{8c48}@example.com"), // compatibility ideograph
            ("\u{e33}@example.com", "\u{e4d}\u{e32}@example.com"), // no identifier has it (RFC 8264)
        ] {
            let is_plain = text == found;
            let parsed = EmailAddress::parse(text).map(|email| email.key);
            if is_plain {
                assert_eq!(parsed, Ok(NormalizedEmail(found.to_owned())), "{text}");
            } else {
                assert!(
                    matches!(parsed, Err(EmailError::Compatibility(_))),
                    "{text}: {parsed:?}"
                );
            }
            assert_eq!(
                NormalizedEmail::parse(text),
                Ok(NormalizedEmail(found.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn every_accepted_character_folds_by_its_case_alone() {
        for c in ('\u{80}'..='\u{3ffff}').filter(|c| !is_compatibility_character(*c)) {
            let key = fold(&c.to_string());
            let lower: String = c.to_lowercase().nfc().collect();
            assert_eq!(key, lower, "{c}");
            assert!(!key.contains(|c: char| c.is_ascii()), "{c}: {key}");
        }
    }

    #[test]
    fn addresses_of_every_script_are_accepted() {
        for text in [
            "jos\u{e9}@example.com",
            "jose\u{301}@example.com",
            "\u{c5}sa@example.com",
            "\u{39f}\u{394}\u{39f}\u{3a3}@example.com",
            "\u{418}\u{432}\u{430}\u{43d}@\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.\u{440}\u{444}",
            "\u{674e}@\u{4f8b}\u{5b50}.\u{6d4b}\u{8bd5}",
            "\u{110b}\u{1161}@example.com", // conjoining jamo
            "\u{d55c}\u{ae00}@example.com",
            "\u{915}\u{93c}@example.com",
            "\u{958}@example.com", // composes with nothing, but is canonical
            "\u{639}\u{644}\u{64a}@example.com",
            "\u{5e2}\u{5d3}\u{5d4}@example.com",
            "stra\u{df}e@stra\u{df}e.example",
        ] {
            let email = EmailAddress::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(
                EmailAddress::parse(email.normalized().as_str()).map(|again| again.key),
                Ok(email.key),
                "{text}"
            );
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
