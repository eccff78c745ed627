//! Search terms of users.

use std::collections::BTreeSet;

use crate::model::{DisplayName, EmailAddress, TextError, fold};

/// The most code points of what somebody looks for.
const MAX_LENGTH: usize = 100;

/// Longer terms are cut, which bounds what the index holds. It is far beyond what anybody looks for.
const MAX_TERM_BYTES: usize = 256;

/// The start of an address, or of a word of a name, that somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPrefix(String);

impl SearchPrefix {
    /// Folds what was typed; `None` when it is blank.
    ///
    /// # Errors
    /// [`TextError::TooLong`] when it has more than 100 code points.
    pub fn parse(text: &str) -> Result<Option<Self>, TextError> {
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err(TextError::TooLong(MAX_LENGTH));
        }
        let folded = cut(fold(text).trim_start());
        Ok(if folded.trim_end().is_empty() {
            None
        } else {
            Some(Self(folded))
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The least text, byte by byte, that is greater than all with this prefix. `None` when there is no
    /// such text.
    #[must_use]
    pub fn end(&self) -> Option<String> {
        let mut chars: Vec<char> = self.0.chars().collect();
        while let Some(last) = chars.pop() {
            // The step over the surrogates is the range's own.
            if let Some(next) = (last..=char::MAX).nth(1) {
                chars.push(next);
                return Some(chars.into_iter().collect());
            }
        }
        None
    }
}

/// The terms by which a user is found: the address, and the name from the start of each word on, so
/// that `ada`, `lovelace` and `ada lov` find Ada Lovelace.
#[must_use]
pub fn search_terms(email: &EmailAddress, display_name: Option<&DisplayName>) -> BTreeSet<String> {
    let mut terms = BTreeSet::from([cut(&fold(email.as_str()))]);
    if let Some(name) = display_name {
        let name = fold(name.as_str());
        terms.extend(word_starts(&name).map(|start| cut(&name[start..])));
    }
    terms
}

/// Where a word starts: after a blank, and at a letter or digit after anything else, so that `o'neil`
/// is found by `neil` too.
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let starts = !c.is_whitespace() && (before.is_whitespace() || (c.is_alphanumeric() && !is_inner(before)));
        before = c;
        starts.then_some(at)
    })
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn cut(text: &str) -> String {
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
    fn a_name_is_found_by_each_of_its_words_and_from_there_on() {
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
    fn the_end_of_a_prefix_is_the_next_text_that_lacks_it() {
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
    fn what_is_looked_for_is_folded_as_the_terms_are() {
        assert_eq!(prefix("  ÄDA").as_str(), "äda");
        assert_eq!(prefix("Ada ").as_str(), "ada ");
        assert_eq!(SearchPrefix::parse("  "), Ok(None));
        assert_eq!(SearchPrefix::parse(&"a".repeat(101)), Err(TextError::TooLong(100)));
    }

    #[test]
    fn terms_are_bounded() {
        let long = terms("a@x.org", &"ﷺ".repeat(200));
        assert!(long.iter().all(|term| term.len() <= MAX_TERM_BYTES), "{long:?}");
    }
}
