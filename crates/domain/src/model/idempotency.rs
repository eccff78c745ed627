//! Idempotency keys, and the requests that carry them.

use crate::model::{Id, Timestamp, User};

/// The `Idempotency-Key` header of a request: 1 to 255 visible ASCII characters and spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The key is empty, too long or contains other characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters in double quotes")]
pub struct ParseIdempotencyKeyError;

impl IdempotencyKey {
    /// Parses the text between the quotes of the header.
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

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A request that holds its idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// The user who sent it. Keys of different users are independent.
    pub user: Id<User>,
    /// The route, such as `POST /api/users`. Keys of different routes are independent.
    pub route: &'static str,
    /// The key.
    pub key: IdempotencyKey,
    /// A MAC of the body.
    pub request_hash: [u8; 32],
    /// The time when the lock on the key expires.
    pub locked_until: Timestamp,
}

/// A request as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// A MAC of the body.
    pub request_hash: [u8; 32],
    /// The response; `None` while the request is being processed.
    pub response: Option<String>,
}
