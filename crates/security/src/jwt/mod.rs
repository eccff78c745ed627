//! Access tokens as JSON Web Tokens (RFC 7519), read with the distrust that RFC 8725 asks for.

mod claims;
mod header;
mod pair;
#[cfg(test)]
mod tests;
mod verifier;

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::JwkSet};
use vestibule_domain::{AccessClaims, AccessTokens, BoxError, TokenError};

use crate::KeyRing;
use claims::Claims;
use verifier::{Verifier, VerifyingKey};

pub use pair::{BadKeyPair, KeyPair, PairAlgorithm};
pub use verifier::{AccessTokenVerifier, BadKeySet, VerifyError};

/// Who issues access tokens, and for whom.
#[derive(Debug, Clone)]
pub struct JwtSettings {
    /// `iss`: the public URL of the server.
    pub issuer: String,
    /// `aud`: those who are to accept the tokens.
    pub audience: String,
}

/// Signs and reads access tokens. The algorithm belongs to the key: what the header of a token says
/// about it is compared, never followed.
pub struct Jwt {
    header: Header,
    signing: EncodingKey,
    verifier: Verifier,
    published: JwkSet,
}

impl Jwt {
    /// Signs with HMAC-SHA-256, by keys that are derived from the server's. Whoever can verify such
    /// tokens can also forge them, so nothing is published.
    #[must_use]
    pub fn with_shared_key(ring: &KeyRing, settings: JwtSettings) -> Self {
        let keys = ring.access_tokens();
        let verifying = keys.iter().map(|key| VerifyingKey::shared(key.expose()));
        Self {
            header: token_header(Algorithm::HS256, None),
            signing: EncodingKey::from_secret(keys[0].expose()),
            verifier: Verifier {
                settings,
                keys: verifying.collect(),
            },
            published: JwkSet { keys: Vec::new() },
        }
    }

    /// Signs with the first of these key pairs. Tokens by the others are still good, and the public
    /// parts of all are published.
    ///
    /// # Errors
    /// [`BadKeyPair`] when there is none.
    pub fn with_key_pairs(pairs: &[KeyPair], settings: JwtSettings) -> Result<Self, BadKeyPair> {
        let first = pairs.first().ok_or(BadKeyPair)?;
        let public = || pairs.iter().map(|pair| pair.public.clone());
        Ok(Self {
            header: token_header(first.algorithm().jwt(), first.public.common.key_id.clone()),
            signing: first.signing.clone(),
            verifier: Verifier {
                settings,
                keys: public().filter_map(|key| VerifyingKey::published(&key)).collect(),
            },
            published: JwkSet {
                keys: public().collect(),
            },
        })
    }

    /// The public keys as a JSON Web Key set (RFC 7517, section 5).
    #[must_use]
    pub fn published(&self) -> String {
        serde_json::to_string(&self.published).unwrap_or_else(|_| r#"{"keys":[]}"#.to_owned())
    }
}

fn token_header(algorithm: Algorithm, kid: Option<String>) -> Header {
    Header {
        typ: Some(header::TYPE.to_owned()),
        kid,
        ..Header::new(algorithm)
    }
}

impl AccessTokens for Jwt {
    fn issue(&self, claims: &AccessClaims) -> Result<String, BoxError> {
        let sign = |claims: &Claims| jsonwebtoken::encode(&self.header, claims, &self.signing);
        let claims = Claims::new(claims, &self.verifier.settings);
        let token = sign(&claims)?;
        if token.len() <= header::MAX_BYTES {
            return Ok(token);
        }
        let token = sign(&claims.without_roles())?;
        if token.len() <= header::MAX_BYTES {
            Ok(token)
        } else {
            Err("the access token would be too long to be read again; use a shorter issuer and audience".into())
        }
    }

    fn read(&self, token: &str) -> Result<AccessClaims, TokenError> {
        self.verifier.read(token)
    }
}
