//! Text that people type.

use unicode_normalization::UnicodeNormalization;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It has fewer code points than it needs.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// It has more code points than it may.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// It has a control character, such as a line break.
    #[error("must not contain control characters")]
    ControlCharacter,
}

/// The form in which text is compared and searched: NFKC, lower case, NFKC again.
#[must_use]
pub fn fold(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.nfkc().collect()
}

/// Trims a line of text and checks that it has 1 to `max` code points and no control character.
pub(crate) fn line(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::TooShort(1));
    }
    if text.chars().nth(max).is_some() {
        return Err(TextError::TooLong(max));
    }
    if text.chars().any(char::is_control) {
        return Err(TextError::ControlCharacter);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_joins_what_people_hold_for_the_same_letters() {
        assert_eq!(fold("ＡＤＡ"), "ada");
        assert_eq!(fold("\u{212A}elvin"), "kelvin"); // the Kelvin sign
        assert_eq!(fold("e\u{301}"), fold("É"));
    }

    #[test]
    fn a_line_is_trimmed_counted_in_code_points_and_has_no_control_character() {
        assert_eq!(line("  Ada  ", 3), Ok("Ada".to_owned()));
        assert_eq!(line("ÄÖÜ", 3), Ok("ÄÖÜ".to_owned()));
        assert_eq!(line("Adam", 3), Err(TextError::TooLong(3)));
        assert_eq!(line("  ", 3), Err(TextError::TooShort(1)));
        assert_eq!(line("a\nb", 3), Err(TextError::ControlCharacter));
    }
}
