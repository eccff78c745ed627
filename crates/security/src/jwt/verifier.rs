//! Telling our tokens from all others, here and in other services.

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, KeyAlgorithm},
};
use serde::Deserialize;
use serde_json::Value;
use vestibule_domain::{AccessClaims, ClaimedTimesError, Timestamp, TokenError};

use super::{JwtSettings, claims::Claims, header};

/// Verifies access tokens with published keys.
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

/// The text is not a key set (RFC 7517, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON Web Key set")]
pub struct BadKeySet;

/// Why a token does not sign its bearer in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// It is not a token of this issuer for this audience.
    #[error("invalid token")]
    Invalid,
    /// It names a key that is not in the key set. The issuer may have a new one: fetch the key set again,
    /// though not more often than every few seconds, because anyone can send such a token.
    #[error("unknown key")]
    UnknownKey,
    /// It was good until it expired.
    #[error("token expired")]
    Expired,
}

impl AccessTokenVerifier {
    /// Takes the keys that the issuer publishes at `/.well-known/jwks.json`. Keys of other kinds than
    /// Ed25519 and P-256, and keys without a name, are passed over (RFC 7517, section 5).
    ///
    /// # Errors
    /// [`BadKeySet`].
    pub fn new(settings: JwtSettings, jwks: &str) -> Result<Self, BadKeySet> {
        #[derive(Deserialize)]
        struct Keys {
            keys: Vec<Value>,
        }
        let Keys { keys } = serde_json::from_str(jwks).map_err(|_| BadKeySet)?;
        let keys = keys
            .into_iter()
            .filter_map(|key| VerifyingKey::published(&serde_json::from_value(key).ok()?));
        Ok(Self(Verifier {
            settings,
            keys: keys.collect(),
        }))
    }

    /// What the token says, if it is good now. Whether its session was ended since, only the issuer knows.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, VerifyError> {
        if !self.0.knows_key(token) {
            return Err(VerifyError::UnknownKey);
        }
        let claims = self.0.read(token).map_err(|TokenError| VerifyError::Invalid)?;
        claims.check_times(now).map_err(|error| match error {
            ClaimedTimesError::Early => VerifyError::Invalid,
            ClaimedTimesError::Expired => VerifyError::Expired,
        })?;
        Ok(claims)
    }
}

/// Keys, and whose tokens they verify for whom.
pub(super) struct Verifier {
    pub(super) settings: JwtSettings,
    pub(super) keys: Vec<VerifyingKey>,
}

impl Verifier {
    /// Reads a token. Its times are left to the caller.
    pub(super) fn read(&self, token: &str) -> Result<AccessClaims, TokenError> {
        let header = header::read(token).ok_or(TokenError)?;
        let is_meant = |key: &&VerifyingKey| key.name == header.kid && key.algorithm_name() == header.alg;
        let claims = self.keys.iter().filter(is_meant).find_map(|key| key.decode(token));
        claims.ok_or(TokenError)?.check(&self.settings)
    }

    /// Whether the key that the token names is here; a token that names none names no unknown one.
    fn knows_key(&self, token: &str) -> bool {
        let named = header::read(token).and_then(|header| header.kid);
        named.is_none_or(|named| self.keys.iter().any(|key| key.name.as_ref() == Some(&named)))
    }
}

/// A key that verifies signatures, by one algorithm only (RFC 8725, section 3.1).
pub(super) struct VerifyingKey {
    name: Option<String>,
    key: DecodingKey,
    validation: Validation,
}

impl VerifyingKey {
    /// The key of tokens that are signed with HMAC. It has no name.
    pub(super) fn shared(secret: &[u8; 32]) -> Self {
        Self {
            name: None,
            key: DecodingKey::from_secret(secret),
            validation: signature_only(Algorithm::HS256),
        }
    }

    /// A public key with a name.
    pub(super) fn published(key: &Jwk) -> Option<Self> {
        let algorithm = match key.common.key_algorithm? {
            KeyAlgorithm::EdDSA => Algorithm::EdDSA,
            KeyAlgorithm::ES256 => Algorithm::ES256,
            _ => return None,
        };
        Some(Self {
            name: Some(key.common.key_id.clone()?),
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

/// The claims are checked here and in the domain, which has the clock.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
