//! JSON values that the domain stores without looking at them.

/// The text of a JSON value of any type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// The maximum length of the text, in bytes.
    pub const MAX_LENGTH: usize = 16 * 1024;

    /// Creates a value from the text of a JSON value.
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
