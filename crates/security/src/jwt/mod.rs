//! Access tokens as JSON Web Tokens (RFC 7519), verified according to RFC 8725.

mod claims;
mod header;
mod key_pair;
#[cfg(test)]
mod tests;
mod verifier;

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::JwkSet};
use vestibule_domain::{AccessClaims, AccessTokens, BoxError, TokenError};

use crate::KeyRing;
use claims::Claims;
use verifier::{Verifier, VerifyingKey};

pub use key_pair::{KeyPair, KeyPairError, SigningAlgorithm};
pub use verifier::{AccessTokenVerifier, ParseKeySetError, VerifyError};

/// The issuer and the audience of access tokens.
#[derive(Debug, Clone)]
pub struct JwtSettings {
    /// `iss`: the public URL of the server.
    pub issuer: String,
    /// `aud`: the services that accept the tokens.
    pub audience: String,
}

/// The issuer and verifier of access tokens. The key determines the algorithm, and the header of a token must name the
/// same one.
pub struct Jwt {
    header: Header,
    signing_key: EncodingKey,
    verifier: Verifier,
    jwks: JwkSet,
}

impl Jwt {
    /// Creates an issuer that signs with HMAC-SHA-256 and a key derived from the secret key. No key is published,
    /// because a service that can verify such tokens can also forge them.
    #[must_use]
    pub fn with_shared_key(ring: &KeyRing, settings: JwtSettings) -> Self {
        let keys = ring.access_token_keys();
        let verifying_keys = keys.iter().map(|key| VerifyingKey::shared(key.expose()));
        Self {
            header: token_header(Algorithm::HS256, None),
            signing_key: EncodingKey::from_secret(keys[0].expose()),
            verifier: Verifier {
                settings,
                keys: verifying_keys.collect(),
            },
            jwks: JwkSet { keys: Vec::new() },
        }
    }

    /// Creates an issuer that signs with the first key pair. Tokens signed with the other key pairs are valid too, and
    /// all public keys are published.
    ///
    /// # Errors
    /// Returns [`KeyPairError`] if there is no key pair.
    pub fn with_key_pairs(pairs: &[KeyPair], settings: JwtSettings) -> Result<Self, KeyPairError> {
        let first = pairs.first().ok_or(KeyPairError)?;
        let public_keys = || pairs.iter().map(|pair| pair.public_key.clone());
        Ok(Self {
            header: token_header(first.algorithm().to_jwa(), first.public_key.common.key_id.clone()),
            signing_key: first.signing_key.clone(),
            verifier: Verifier {
                settings,
                keys: public_keys().filter_map(|key| VerifyingKey::from_jwk(&key)).collect(),
            },
            jwks: JwkSet {
                keys: public_keys().collect(),
            },
        })
    }

    /// Returns the public keys as a JSON Web Key Set (RFC 7517, section 5).
    #[must_use]
    pub fn jwks(&self) -> String {
        serde_json::to_string(&self.jwks).unwrap_or_else(|_| r#"{"keys":[]}"#.to_owned())
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
        let sign = |claims: &Claims| jsonwebtoken::encode(&self.header, claims, &self.signing_key);
        let claims = Claims::new(claims, &self.verifier.settings);
        let token = sign(&claims)?;
        if token.len() <= header::MAX_BYTES {
            return Ok(token);
        }
        let token = sign(&claims.without_roles())?;
        if token.len() <= header::MAX_BYTES {
            Ok(token)
        } else {
            Err("the access token would exceed the maximum length; use a shorter issuer and audience".into())
        }
    }

    fn read(&self, token: &str) -> Result<AccessClaims, TokenError> {
        self.verifier.verify(token)
    }
}
