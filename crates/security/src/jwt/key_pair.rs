//! Key pairs for access tokens. With the public key, other services can verify tokens but not forge them.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{
    Algorithm, EncodingKey,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use vestibule_domain::{BoxError, Secret};

/// The signature algorithm of a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// Ed25519 (RFC 8037).
    EdDsa,
    /// ECDSA with P-256 and SHA-256 (RFC 7518, section 3.4).
    Es256,
}

impl SigningAlgorithm {
    /// Returns the algorithm as a JSON Web Algorithm (RFC 7518).
    pub(super) const fn to_jwa(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDSA,
            Self::Es256 => Algorithm::ES256,
        }
    }
}

/// A key pair for access tokens.
#[derive(Debug, Clone)]
pub struct KeyPair {
    algorithm: SigningAlgorithm,
    pub(super) signing_key: EncodingKey,
    pub(super) public_key: Jwk,
}

/// The error of reading key pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be one or more private keys for Ed25519 or P-256, as PKCS#8 in PEM; generate one with `vestibule key generate`"
)]
pub struct KeyPairError;

impl KeyPair {
    /// Parses one or more private keys in PEM (RFC 7468), each as PKCS#8 (RFC 5208).
    ///
    /// # Errors
    /// Returns [`KeyPairError`] if there is no key, or if one is damaged or of an unsupported kind.
    pub fn parse_all(pem: &str) -> Result<Vec<Self>, KeyPairError> {
        let keys = PrivatePkcs8KeyDer::pem_slice_iter(pem.as_bytes());
        let pairs: Vec<_> = keys
            .map(|key| Self::from_pkcs8(key.map_err(|_| KeyPairError)?.secret_pkcs8_der()))
            .collect::<Result<_, _>>()?;
        if pairs.is_empty() { Err(KeyPairError) } else { Ok(pairs) }
    }

    /// Generates a private key, as PKCS#8 in PEM.
    ///
    /// # Errors
    /// Returns an error if key generation fails, for example because the system provides no randomness.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Secret<String>, BoxError> {
        let der = match algorithm {
            SigningAlgorithm::EdDsa => Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref().to_vec(),
            SigningAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?
                .to_pkcs8v1()?
                .as_ref()
                .to_vec(),
        };
        Ok(encode_pem(&Secret::new(der)))
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, KeyPairError> {
        let (algorithm, signing_key) = if Ed25519KeyPair::from_pkcs8(der).is_ok() {
            (SigningAlgorithm::EdDsa, EncodingKey::from_ed_der(der))
        } else if EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).is_ok() {
            (SigningAlgorithm::Es256, EncodingKey::from_ec_der(der))
        } else {
            return Err(KeyPairError);
        };
        let mut public_key = Jwk::from_encoding_key(&signing_key, algorithm.to_jwa()).map_err(|_| KeyPairError)?;
        public_key.common.public_key_use = Some(PublicKeyUse::Signature);
        // The identifier follows from the key alone (RFC 7638), so all instances use the same one.
        public_key.common.key_id = Some(
            public_key
                .thumbprint(ThumbprintHash::SHA256)
                .map_err(|_| KeyPairError)?,
        );
        Ok(Self {
            algorithm,
            signing_key,
            public_key,
        })
    }

    /// Returns the signature algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }
}

fn encode_pem(der: &Secret<Vec<u8>>) -> Secret<String> {
    let body = Secret::new(STANDARD.encode(der.expose()));
    let mut text = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in body.expose().as_bytes().chunks(64) {
        text.extend(line.iter().copied().map(char::from));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    Secret::new(text)
}
