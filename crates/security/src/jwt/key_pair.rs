//! Key pairs: the private part signs, and the public part lets others verify without being able to
//! forge.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{
    Algorithm, EncodingKey,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use vestibule_domain::{BoxError, Secret};

/// What a key pair signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairAlgorithm {
    /// Ed25519 (RFC 8037).
    EdDsa,
    /// ECDSA with P-256 and SHA-256 (RFC 7518, section 3.4).
    Es256,
}

impl PairAlgorithm {
    pub(super) const fn jwt(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDSA,
            Self::Es256 => Algorithm::ES256,
        }
    }
}

/// A key pair for access tokens.
#[derive(Debug, Clone)]
pub struct KeyPair {
    algorithm: PairAlgorithm,
    pub(super) signing: EncodingKey,
    pub(super) public: Jwk,
}

/// The text does not hold key pairs that this program can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be private keys for Ed25519 or P-256 as PKCS#8 in PEM, as `vestibule key generate` makes them")]
pub struct BadKeyPair;

impl KeyPair {
    /// Reads the private keys in a PEM text (RFC 7468): one or several, each as PKCS#8 (RFC 5208).
    ///
    /// # Errors
    /// [`BadKeyPair`] when there is none, or one that is of another kind or damaged.
    pub fn parse_all(pem: &str) -> Result<Vec<Self>, BadKeyPair> {
        let keys = PrivatePkcs8KeyDer::pem_slice_iter(pem.as_bytes());
        let pairs: Vec<_> = keys
            .map(|key| Self::from_pkcs8(key.map_err(|_| BadKeyPair)?.secret_pkcs8_der()))
            .collect::<Result<_, _>>()?;
        if pairs.is_empty() { Err(BadKeyPair) } else { Ok(pairs) }
    }

    /// Makes a new private key, as PKCS#8 in PEM.
    ///
    /// # Errors
    /// The system refused, for example because it has no randomness.
    pub fn generate(algorithm: PairAlgorithm) -> Result<Secret<String>, BoxError> {
        let der = match algorithm {
            PairAlgorithm::EdDsa => Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref().to_vec(),
            PairAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?
                .to_pkcs8v1()?
                .as_ref()
                .to_vec(),
        };
        Ok(pem(&Secret::new(der)))
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, BadKeyPair> {
        let (algorithm, signing) = if Ed25519KeyPair::from_pkcs8(der).is_ok() {
            (PairAlgorithm::EdDsa, EncodingKey::from_ed_der(der))
        } else if EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).is_ok() {
            (PairAlgorithm::Es256, EncodingKey::from_ec_der(der))
        } else {
            return Err(BadKeyPair);
        };
        let mut public = Jwk::from_encoding_key(&signing, algorithm.jwt()).map_err(|_| BadKeyPair)?;
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        // RFC 7638: whoever has the key finds the same name for it.
        public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256).map_err(|_| BadKeyPair)?);
        Ok(Self {
            algorithm,
            signing,
            public,
        })
    }

    /// What it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> PairAlgorithm {
        self.algorithm
    }
}

fn pem(der: &Secret<Vec<u8>>) -> Secret<String> {
    let body = Secret::new(STANDARD.encode(der.expose()));
    let mut text = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in body.expose().as_bytes().chunks(64) {
        text.extend(line.iter().copied().map(char::from));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    Secret::new(text)
}
