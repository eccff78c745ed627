//! Access tokens as JSON Web Tokens (RFC 7519), read with the distrust that RFC 8725 asks for.

mod claims;
mod header;
#[cfg(test)]
mod tests;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use vestibule_domain::{
    BoxError,
    session::{AccessClaims, AccessTokens, TokenError},
};

use crate::ServerKey;
use claims::Claims;

/// Longer texts are no tokens of ours: nothing is decoded of them.
const MAX_BYTES: usize = 4096;

/// The media type of access tokens (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";

/// Who issues access tokens, and for whom.
#[derive(Debug, Clone)]
pub struct JwtSettings {
    /// `iss`: the public URL of the server.
    pub issuer: String,
    /// `aud`: those who are to accept the tokens.
    pub audience: String,
}

/// Signs and reads access tokens with HMAC-SHA-256. The algorithm belongs to the key: what the header
/// of a token says about it is compared, never followed.
pub struct Jwt {
    settings: JwtSettings,
    header: Header,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl Jwt {
    /// Takes the key for access tokens from the server's.
    #[must_use]
    pub fn new(key: &ServerKey, settings: JwtSettings) -> Self {
        let key = key.access_tokens();
        let mut validation = Validation::new(Algorithm::HS256);
        // The claims are checked here and in the domain, which has the clock.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        Self {
            settings,
            header: Header {
                typ: Some(TYPE.to_owned()),
                ..Header::new(Algorithm::HS256)
            },
            signing: EncodingKey::from_secret(key.expose()),
            verifying: DecodingKey::from_secret(key.expose()),
            validation,
        }
    }
}

impl AccessTokens for Jwt {
    fn issue(&self, claims: &AccessClaims) -> Result<String, BoxError> {
        Ok(jsonwebtoken::encode(
            &self.header,
            &Claims::new(claims, &self.settings),
            &self.signing,
        )?)
    }

    fn read(&self, token: &str) -> Result<AccessClaims, TokenError> {
        if token.len() > MAX_BYTES || !header::is_ours(token) {
            return Err(TokenError);
        }
        let read = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation);
        read.map_err(|_| TokenError)?.claims.check(&self.settings)
    }
}
