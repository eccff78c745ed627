//! The port to signing and verifying access tokens.

use crate::{model::AccessClaims, ports::BoxError};

/// Signs and reads access tokens.
pub trait AccessTokens: Send + Sync {
    /// Signs the claims. The names of the roles are left out of a token that would be too long to be read
    /// again with them.
    ///
    /// # Errors
    /// The signing failed.
    fn issue(&self, claims: &AccessClaims) -> Result<String, BoxError>;

    /// Reads a token of ours: its form, algorithm, signature, type, issuer and audience are right. The
    /// times are left to the caller, who has the clock.
    ///
    /// # Errors
    /// [`TokenError`] when it is not a token of ours.
    fn read(&self, token: &str) -> Result<AccessClaims, TokenError>;
}

/// It is not a token of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an access token of this server")]
pub struct TokenError;
