//! Rules for text that users enter.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup},
};
use unicode_normalization::UnicodeNormalization;

/// The text is not acceptable. The messages follow the name of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It has too few code points.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// It has too many code points.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// It contains a control character, such as a line break.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// It contains a character that changes the direction of the text around it.
    #[error("must not contain characters that change the direction of the text")]
    BidiControl,
    /// It contains no visible character.
    #[error("must contain at least one visible character")]
    Invisible,
}

/// Returns the form in which text is compared and searched: NFKC, lower case, NFKC again.
#[must_use]
pub fn fold(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.nfkc().collect()
}

/// Trims a line of text and checks it: it must have 1 to `max` code points, at least one of them visible, and no
/// control characters or characters that change the direction of text. Joiners and variation selectors, which emoji and
/// many scripts need, are allowed next to visible characters.
///
/// # Errors
/// [`TextError`].
pub fn line(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::TooShort(1));
    }
    if text.chars().nth(max).is_some() {
        return Err(TextError::TooLong(max));
    }
    if text.chars().any(breaks_line) {
        return Err(TextError::ControlCharacter);
    }
    if text.chars().any(is_bidi_control) {
        return Err(TextError::BidiControl);
    }
    if !text.chars().any(is_visible) {
        return Err(TextError::Invisible);
    }
    Ok(text.to_owned())
}

/// Trims and checks text of several lines: it must have 1 to `max` code points, at least one of them visible, and no
/// characters that change the direction of text. Line breaks and tabs are the only control characters.
///
/// # Errors
/// [`TextError`].
pub fn lines(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    for part in text.split(['\n', '\r', '\t']).filter(|part| !part.trim().is_empty()) {
        match line(part, max) {
            // Another line may be visible.
            Ok(_) | Err(TextError::Invisible) => {}
            Err(error) => return Err(error),
        }
    }
    let is_visible_text = text.chars().any(is_visible);
    match text.chars().count() {
        0 => Err(TextError::TooShort(1)),
        length if length > max => Err(TextError::TooLong(max)),
        _ if !is_visible_text => Err(TextError::Invisible),
        _ => Ok(text.to_owned()),
    }
}

/// Declares a type of text: `line` for one line or `lines` for several, and the maximum number of code points.
macro_rules! text_type {
    ($(#[$meta:meta])* pub struct $type:ident($rule:ident, $max:literal);) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $type(String);

        impl $type {
            /// The maximum number of code points.
            pub const MAX_LENGTH: usize = $max;

            /// Trims and checks a text.
            ///
            /// # Errors
            /// [`TextError`](crate::model::TextError) if it is empty, too long or invisible, or contains control
            /// characters or characters that change the direction of text.
            pub fn parse(text: &str) -> Result<Self, crate::model::TextError> {
                crate::model::text::$rule(text, Self::MAX_LENGTH).map(Self)
            }

            /// Creates a value from a text that was checked before it was stored.
            #[must_use]
            pub const fn new_unchecked(text: String) -> Self {
                Self(text)
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$type> for String {
            fn from(text: $type) -> Self {
                text.0
            }
        }
    };
}

pub(crate) use text_type;

/// Returns whether a character breaks a line. Unicode does not classify the separators of lines and paragraphs as
/// control characters.
fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Returns whether a character changes the direction of the text around it.
pub(crate) fn is_bidi_control(c: char) -> bool {
    CodePointSetData::new::<BidiControl>().contains(c)
}

/// Returns whether a character is visible on its own. Unassigned code points count as visible, because the tables here
/// may be older than the character.
fn is_visible(c: char) -> bool {
    /// The Braille pattern without dots and the musical symbol null notehead, which Unicode classifies as symbols.
    const BLANK_SYMBOLS: [char; 2] = ['\u{2800}', '\u{1d159}'];
    let invisible = GeneralCategoryGroup::Mark
        .union(GeneralCategoryGroup::Separator)
        .union(GeneralCategoryGroup::Control)
        .union(GeneralCategoryGroup::Format);
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    let is_ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c);
    !BLANK_SYMBOLS.contains(&c) && !is_ignorable && !invisible.contains(category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fold_unifies_variants_of_letters() {
        assert_eq!(fold("ＡＤＡ"), "ada");
        assert_eq!(fold("\u{212A}elvin"), "kelvin"); // the Kelvin sign
        assert_eq!(fold("e\u{301}"), fold("É"));
    }

    #[test]
    fn line_is_trimmed_and_its_length_and_characters_checked() {
        assert_eq!(line("  Ada  ", 3), Ok("Ada".to_owned()));
        assert_eq!(line("ÄÖÜ", 3), Ok("ÄÖÜ".to_owned()));
        assert_eq!(line("Adam", 3), Err(TextError::TooLong(3)));
        assert_eq!(line("  ", 3), Err(TextError::TooShort(1)));
        assert_eq!(line("a\nb", 3), Err(TextError::ControlCharacter));
    }

    #[test]
    fn lines_may_contain_line_breaks_and_tabs_only() {
        assert_eq!(lines(" a\r\n\n\tb ", 9), Ok("a\r\n\n\tb".to_owned()));
        assert_eq!(lines("a\nb", 2), Err(TextError::TooLong(2)));
        assert_eq!(lines(" \n ", 9), Err(TextError::TooShort(1)));
        assert_eq!(lines("a\n\u{7}", 9), Err(TextError::ControlCharacter));
        assert_eq!(lines("a\n\u{202e}", 9), Err(TextError::BidiControl));
        assert_eq!(lines("\u{200b}\n\u{3164}", 9), Err(TextError::Invisible));
        assert_eq!(lines("\u{200b}\na", 9), Ok("\u{200b}\na".to_owned()));
    }

    #[test]
    fn bidi_controls_and_invisible_text_are_rejected() {
        for text in ["\u{202e}nimda", "a\u{2066}b", "a\u{200e}", "\u{61c}a"] {
            assert_eq!(line(text, 9), Err(TextError::BidiControl), "{text:?}");
        }
        for text in [
            "\u{200b}",
            "\u{3164}",
            "\u{2800}",
            "\u{301}",
            "\u{200d}\u{fe0f}",
            "\u{e0041}",
            "\u{feff}",
        ] {
            assert_eq!(line(text, 9), Err(TextError::Invisible), "{text:?}");
        }
        assert_eq!(line("a\u{2028}b", 9), Err(TextError::ControlCharacter));
    }

    #[test]
    fn joiners_are_accepted_next_to_visible_characters() {
        for text in [
            "👩\u{200d}💻",
            "❤\u{fe0f}",
            "می\u{200c}خواهم",
            "e\u{301}",
            "-",
            "\u{e000}",
            "\u{1fc00}",
        ] {
            assert_eq!(line(text, 99).as_deref(), Ok(text), "{text:?}");
        }
    }
}
