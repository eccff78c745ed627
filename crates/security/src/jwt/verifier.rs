//! Verification of access tokens, in this server and in other services.

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, KeyAlgorithm},
};
use serde::Deserialize;
use serde_json::Value;
use vestibule_domain::{AccessClaims, ClaimedTimesError, Timestamp, TokenError};

use super::{JwtSettings, claims::Claims, header};

/// A verifier of access tokens that uses the published keys.
///
/// ```
/// # fn example(jwks: &str, token: &str, now: vestibule_domain::Timestamp) -> Result<(), Box<dyn std::error::Error>> {
/// use vestibule_security::{AccessTokenVerifier, JwtSettings};
///
/// let settings = JwtSettings {
///     issuer: "https://accounts.example.com".to_owned(),
///     audience: "https://accounts.example.com".to_owned(),
/// };
/// let verifier = AccessTokenVerifier::new(settings, jwks)?;
/// let claims = verifier.verify(token, now)?;
/// println!("{} is signed in", claims.user);
/// # Ok(())
/// # }
/// ```
pub struct AccessTokenVerifier(Verifier);

/// The error of parsing a JSON Web Key Set (RFC 7517, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON Web Key Set")]
pub struct ParseKeySetError;

/// The error of verifying a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The token is not one of this issuer for this audience.
    #[error("invalid token")]
    Invalid,
    /// The token names a key that is not in the key set. The issuer may have a new key: fetch the key set again, but at
    /// most every few seconds, because any client can send such a token.
    #[error("unknown key")]
    UnknownKey,
    /// The token is genuine but has expired.
    #[error("token expired")]
    Expired,
}

impl AccessTokenVerifier {
    /// Creates a verifier with the keys that the issuer publishes at `/.well-known/jwks.json`. Keys that are neither
    /// Ed25519 nor P-256 are ignored, and so are keys without an identifier (RFC 7517, section 5).
    ///
    /// # Errors
    /// Returns [`ParseKeySetError`] if `jwks` is not a key set.
    pub fn new(settings: JwtSettings, jwks: &str) -> Result<Self, ParseKeySetError> {
        #[derive(Deserialize)]
        struct KeySet {
            keys: Vec<Value>,
        }
        let KeySet { keys } = serde_json::from_str(jwks).map_err(|_| ParseKeySetError)?;
        let keys = keys
            .into_iter()
            .filter_map(|key| VerifyingKey::from_jwk(&serde_json::from_value(key).ok()?));
        Ok(Self(Verifier {
            settings,
            keys: keys.collect(),
        }))
    }

    /// Returns the claims of a token that is valid at `now`. Its session may have been revoked since, which only the
    /// issuer knows.
    ///
    /// # Errors
    /// Returns [`VerifyError`] if the token is not valid.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, VerifyError> {
        if !self.0.has_key_of(token) {
            return Err(VerifyError::UnknownKey);
        }
        let claims = self.0.verify(token).map_err(|TokenError| VerifyError::Invalid)?;
        claims.check_times(now).map_err(|error| match error {
            ClaimedTimesError::Early => VerifyError::Invalid,
            ClaimedTimesError::Expired => VerifyError::Expired,
        })?;
        Ok(claims)
    }
}

/// Verification keys, with the issuer and audience that tokens must have.
pub(super) struct Verifier {
    pub(super) settings: JwtSettings,
    pub(super) keys: Vec<VerifyingKey>,
}

impl Verifier {
    /// Verifies everything except the times, which the caller compares with its clock.
    pub(super) fn verify(&self, token: &str) -> Result<AccessClaims, TokenError> {
        let header = header::parse(token).ok_or(TokenError)?;
        let matches_header = |key: &&VerifyingKey| key.id == header.kid && key.algorithm_name() == header.alg;
        let claims = self
            .keys
            .iter()
            .filter(matches_header)
            .find_map(|key| key.decode(token));
        claims.ok_or(TokenError)?.validate(&self.settings)
    }

    /// Returns whether the key that the token names is known, or true if it names none.
    fn has_key_of(&self, token: &str) -> bool {
        let kid = header::parse(token).and_then(|header| header.kid);
        kid.is_none_or(|kid| self.keys.iter().any(|key| key.id.as_ref() == Some(&kid)))
    }
}

/// A key that verifies signatures of a single algorithm (RFC 8725, section 3.1).
pub(super) struct VerifyingKey {
    id: Option<String>,
    key: DecodingKey,
    validation: Validation,
}

impl VerifyingKey {
    /// Creates the key for tokens that are signed with HMAC. It has no identifier.
    pub(super) fn shared(secret: &[u8; 32]) -> Self {
        Self {
            id: None,
            key: DecodingKey::from_secret(secret),
            validation: signature_only(Algorithm::HS256),
        }
    }

    /// Converts a public key. Returns `None` for an unsupported key, or one without an identifier.
    pub(super) fn from_jwk(key: &Jwk) -> Option<Self> {
        let algorithm = match key.common.key_algorithm? {
            KeyAlgorithm::EdDSA => Algorithm::EdDSA,
            KeyAlgorithm::ES256 => Algorithm::ES256,
            _ => return None,
        };
        Some(Self {
            id: Some(key.common.key_id.clone()?),
            key: DecodingKey::from_jwk(key).ok()?,
            validation: signature_only(algorithm),
        })
    }

    fn algorithm_name(&self) -> &'static str {
        match self.validation.algorithms[..] {
            [Algorithm::HS256] => "HS256",
            [Algorithm::EdDSA] => "EdDSA",
            [Algorithm::ES256] => "ES256",
            _ => "",
        }
    }

    fn decode(&self, token: &str) -> Option<Claims> {
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation);
        Some(decoded.ok()?.claims)
    }
}

/// Disables validation of the claims, which [`Claims::validate`] and the caller validate instead.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
