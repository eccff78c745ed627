//! Email addresses.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;

use crate::model::fold;

/// An email address as it was typed, with its normalized form.
///
/// Emails are sent to the typed form, and pages show it. Addresses with the same normalized form, such as
/// `Ada@Example.com` and `ada@example.com`, belong to one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress {
    typed: String,
    normalized: NormalizedEmail,
}

impl From<EmailAddress> for String {
    /// Returns the address as it was typed.
    fn from(email: EmailAddress) -> Self {
        email.typed
    }
}

/// The normalized form of an email address: NFKC, lower case, and the domain in its ASCII form (IDNA, UTS 46). It is
/// unique in the database, which compares it byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalizedEmail(String);

/// The text is not an acceptable email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It is longer than RFC 5321 allows.
    #[error("must have at most 254 bytes")]
    TooLong,
    /// It is not a single address in plain form.
    #[error("must be an email address, such as ada@example.com")]
    Malformed,
    /// It contains a compatibility character: mail systems treat it as a different mailbox, although the normalized
    /// form is the same.
    #[error("must not contain {0}, a variant of another character; type the plain one, such as b in place of ｂ")]
    Compatibility(char),
}

/// The maximum length of a path in RFC 5321, section 4.5.3.1.3, without the angle brackets.
const MAX_BYTES: usize = 254;

impl EmailAddress {
    /// Trims and parses an address.
    ///
    /// Rejects quotes, comments, display names and address literals, although RFC 5322 allows them. Also rejects
    /// compatibility characters, as PRECIS identifiers do (RFC 8264, section 9.17): an account with the address
    /// `ｂob@example.com` would block `bob@example.com`, which is a different mailbox.
    ///
    /// # Errors
    /// [`EmailError`] if it is too long, malformed or contains compatibility characters.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let email = Self::parse_stored(text)?;
        match email.typed.chars().find(|c| is_compatibility_character(*c)) {
            Some(variant) => Err(EmailError::Compatibility(variant)),
            None => Ok(email),
        }
    }

    /// Parses an address that was accepted by earlier rules, which allowed compatibility characters.
    ///
    /// # Errors
    /// [`EmailError`] if it is too long or malformed.
    pub fn parse_stored(text: &str) -> Result<Self, EmailError> {
        let typed = text.trim();
        if typed.len() > MAX_BYTES {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = typed.split_once('@').ok_or(EmailError::Malformed)?;
        let local = fold(local);
        if domain.contains('@') || !is_local_part(&local) {
            return Err(EmailError::Malformed);
        }
        let normalized = format!("{local}@{}", ascii_domain(domain).ok_or(EmailError::Malformed)?);
        if normalized.len() > MAX_BYTES {
            return Err(EmailError::TooLong);
        }
        Ok(Self {
            typed: typed.to_owned(),
            normalized: NormalizedEmail(normalized),
        })
    }

    /// Creates an address from its stored forms, which were checked before they were stored.
    #[must_use]
    pub const fn new_unchecked(typed: String, normalized: String) -> Self {
        Self {
            typed,
            normalized: NormalizedEmail(normalized),
        }
    }

    /// Returns the address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// Returns the normalized form.
    #[must_use]
    pub const fn normalized(&self) -> &NormalizedEmail {
        &self.normalized
    }
}

impl NormalizedEmail {
    /// Parses an address to look up an account. Unlike the address of a new account, it may contain compatibility
    /// characters.
    ///
    /// # Errors
    /// [`EmailError`] if it is too long or malformed.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        EmailAddress::parse_stored(text).map(|email| email.normalized)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns whether folding changes more than the case of a character.
///
/// This applies to compatibility variants (NFKC) such as `ſ` and `①`, to canonical equivalents of a different single
/// character such as the Kelvin sign, and to characters whose lower case contains ASCII. It does not apply to
/// characters that are only composed or decomposed, because mail systems treat both forms alike.
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

/// Returns whether a folded local part consists of atom text and dots (RFC 5322, section 3.2.3), with letters and digits
/// of any script (RFC 6531). Dots may be anywhere: some providers assign addresses such as `a..b@example.com`.
fn is_local_part(local: &str) -> bool {
    let is_atom_text = |c: char| match c {
        c if c.is_ascii() => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
        c => c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c),
    };
    local.contains(is_atom_text) && local.chars().all(|c| c == '.' || is_atom_text(c))
}

/// Returns the ASCII form of a domain, which must have at least two labels and not be an IP address.
fn ascii_domain(domain: &str) -> Option<String> {
    // UTS 46 removes invisible characters such as soft hyphens. They are rejected, so that a domain has one spelling.
    if !domain
        .chars()
        .all(|c| c == '.' || c == '-' || is_letter_digit_or_mark(c))
    {
        return None;
    }
    // Registries assign names with two hyphens in the third place, such as `my--domain.com`.
    let ascii = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    let ascii = ascii.ok()?.into_owned();
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

    fn normalize(text: &str) -> String {
        EmailAddress::parse(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .normalized()
            .as_str()
            .to_owned()
    }

    #[test]
    fn email_preserves_typed_form_and_normalizes_for_comparison() {
        let email = EmailAddress::parse("  Ada.Lovelace@Example.COM ").expect("valid");
        assert_eq!(email.as_str(), "Ada.Lovelace@Example.COM");
        assert_eq!(email.normalized().as_str(), "ada.lovelace@example.com");
    }

    #[test]
    fn spellings_of_one_address_normalize_alike() {
        for (one, other) in [
            ("ada@example.com", "ADA@EXAMPLE.COM"),
            ("jos\u{e9}@example.com", "jose\u{301}@example.com"),
            ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ] {
            assert_eq!(normalize(one), normalize(other), "{one}");
        }
    }

    /// One case for each kind of character that folding changes by more than its case: a new address with it is
    /// rejected, but it still finds the account with the same normalized form.
    #[test]
    fn compatibility_characters_are_rejected_but_still_found() {
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
            ("\u{e33}@example.com", "\u{e4d}\u{e32}@example.com"), // not allowed in identifiers (RFC 8264)
        ] {
            let is_plain = text == found;
            let parsed = EmailAddress::parse(text).map(|email| email.normalized);
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
    fn accepted_characters_fold_only_by_case() {
        for c in ('\u{80}'..='\u{3ffff}').filter(|c| !is_compatibility_character(*c)) {
            let folded = fold(&c.to_string());
            let lower: String = c.to_lowercase().nfc().collect();
            assert_eq!(folded, lower, "{c}");
            assert!(!folded.contains(|c: char| c.is_ascii()), "{c}: {folded}");
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
                EmailAddress::parse(email.normalized().as_str()).map(|again| again.normalized),
                Ok(email.normalized),
                "{text}"
            );
        }
    }

    #[test]
    fn unusual_addresses_that_providers_assign_are_accepted() {
        for text in [
            "a..b@docomo.ne.jp",
            "ada.@docomo.ne.jp",
            ".ada@example.com",
            "ada@my--domain.com",
            "ada@r3---sn.example",
        ] {
            assert_eq!(normalize(text), text);
        }
    }

    #[test]
    fn lookalike_letters_are_different_addresses() {
        for (one, other) in [
            ("ada@example.com", "\u{430}da@example.com"), // Cyrillic a
            ("ali@example.com", "al\u{131}@example.com"), // dotless i
            ("ada+shop@example.com", "ada@example.com"),
            ("a.da@example.com", "ada@example.com"),
        ] {
            assert_ne!(normalize(one), normalize(other), "{one}");
        }
    }

    #[test]
    fn malformed_addresses_are_rejected() {
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
            ".@example.com",
            "ada@xn--a.example",
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
    fn addresses_have_at_most_254_bytes() {
        let local = "a".repeat(254 - "@example.com".len());
        assert!(EmailAddress::parse(&format!("{local}@example.com")).is_ok());
        assert_eq!(
            EmailAddress::parse(&format!("{local}a@example.com")),
            Err(EmailError::TooLong)
        );
        // One code point that folds to eighteen.
        let expanded = format!("{}@example.com", "\u{fdfa}".repeat(60));
        assert!(EmailAddress::parse(&expanded).is_err());
    }
}
