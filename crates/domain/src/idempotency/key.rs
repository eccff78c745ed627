//! The name that a client gives to a request.

/// The name that a client gives to a request: 1 to 255 visible ASCII characters and blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// It is empty, too long, or has other characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters in double quotes")]
pub struct ParseIdempotencyKeyError;

impl IdempotencyKey {
    /// Takes a key as it was between the quotes.
    ///
    /// # Errors
    /// [`ParseIdempotencyKeyError`].
    pub fn parse(text: &str) -> Result<Self, ParseIdempotencyKeyError> {
        let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if is_plain && (1..=255).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseIdempotencyKeyError)
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
