//! Search terms of users.

use std::collections::BTreeSet;

use crate::model::{DisplayName, EmailAddress, TextError, fold};

/// The maximum number of code points of a search.
const MAX_LENGTH: usize = 100;

/// The length to which terms are truncated, which bounds the size of the index. No realistic search is longer.
const MAX_TERM_BYTES: usize = 256;

/// The folded text of a search for users. It matches the start of an email address or of a word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPrefix(String);

impl SearchPrefix {
    /// Folds the typed text. Returns `None` if it is blank.
    ///
    /// # Errors
    /// [`TextError::TooLong`] if it has more than 100 code points.
    pub fn parse(text: &str) -> Result<Option<Self>, TextError> {
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err(TextError::TooLong(MAX_LENGTH));
        }
        let folded = truncate(fold(text).trim_start());
        Ok(if folded.trim_end().is_empty() {
            None
        } else {
            Some(Self(folded))
        })
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the smallest text, byte by byte, that is greater than all texts with this prefix. Returns `None` if there
    /// is no such text.
    #[must_use]
    pub fn end(&self) -> Option<String> {
        let mut chars: Vec<char> = self.0.chars().collect();
        while let Some(last) = chars.pop() {
            // The range skips the surrogates.
            if let Some(next) = (last..=char::MAX).nth(1) {
                chars.push(next);
                return Some(chars.into_iter().collect());
            }
        }
        None
    }
}

/// Returns the search terms of a user: the email address, and the name from the start of each word on. A search for
/// `ada`, `lovelace` or `ada lov` therefore finds Ada Lovelace.
#[must_use]
pub fn search_terms(email: &EmailAddress, display_name: Option<&DisplayName>) -> BTreeSet<String> {
    let mut terms = BTreeSet::from([truncate(&fold(email.as_str()))]);
    if let Some(name) = display_name {
        let name = fold(name.as_str());
        terms.extend(word_starts(&name).map(|start| truncate(&name[start..])));
    }
    terms
}

/// Returns the offsets where words start: after white space, and at letters and digits that follow any other character
/// than a letter or digit. A search for `neil` therefore finds `o'neil`.
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut previous = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let starts = !c.is_whitespace() && (previous.is_whitespace() || (c.is_alphanumeric() && !is_inner(previous)));
        previous = c;
        starts.then_some(at)
    })
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn truncate(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_TERM_BYTES)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(email: &str, name: &str) -> Vec<String> {
        let email = EmailAddress::parse(email).expect("valid");
        let name = DisplayName::parse(name).expect("valid");
        search_terms(&email, Some(&name)).into_iter().collect()
    }

    fn prefix(text: &str) -> SearchPrefix {
        SearchPrefix::parse(text).expect("short").expect("not blank")
    }

    #[test]
    fn name_has_a_term_for_each_word() {
        assert_eq!(
            terms("Ada@x.org", "Ada King-Noel"),
            ["ada king-noel", "ada@x.org", "king-noel", "noel"]
        );
        assert_eq!(
            terms("a@x.org", "(Bob) 100%"),
            ["(bob) 100%", "100%", "a@x.org", "bob) 100%"]
        );
    }

    #[test]
    fn prefix_end_is_the_next_text_without_the_prefix() {
        for (start, end) in [
            ("ba", "bb"),
            ("a%", "a&"),
            ("\u{d7ff}", "\u{e000}"),
            ("a\u{10ffff}", "b"),
        ] {
            assert_eq!(prefix(start).end().as_deref(), Some(end));
        }
        assert_eq!(prefix("\u{10ffff}").end(), None);
    }

    #[test]
    fn search_prefix_is_folded_like_terms() {
        assert_eq!(prefix("  ÄDA").as_str(), "äda");
        assert_eq!(prefix("Ada ").as_str(), "ada ");
        assert_eq!(SearchPrefix::parse("  "), Ok(None));
        assert_eq!(SearchPrefix::parse(&"a".repeat(101)), Err(TextError::TooLong(100)));
    }

    #[test]
    fn search_terms_are_truncated() {
        let long = terms("a@x.org", &"ﷺ".repeat(200));
        assert!(long.iter().all(|term| term.len() <= MAX_TERM_BYTES), "{long:?}");
    }
}
