//! The port to signing and verifying access tokens.

use crate::{model::AccessClaims, ports::BoxError};

/// Signs and verifies access tokens.
pub trait AccessTokens: Send + Sync {
    /// Signs the claims. Omits the names of the roles if the token would otherwise be too long to be accepted.
    ///
    /// # Errors
    /// Signing failed.
    fn issue(&self, claims: &AccessClaims) -> Result<String, BoxError>;

    /// Verifies the form, algorithm, signature, type, issuer and audience of a token and returns its claims. The caller
    /// checks the times.
    ///
    /// # Errors
    /// [`TokenError`] if this server did not issue the token.
    fn read(&self, token: &str) -> Result<AccessClaims, TokenError>;
}

/// The text is not an access token of this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an access token of this server")]
pub struct TokenError;
