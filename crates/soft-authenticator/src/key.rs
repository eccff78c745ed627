//! Key pairs and their public keys as COSE keys (RFC 9052, section 7).

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};

use crate::cbor::{bytes, integer, map};

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSA of 2048 bits with PKCS#1 v1.5 and SHA-256.
    Rs256,
}

pub(crate) enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

impl Key {
    pub(crate) fn generate(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => {
                Self::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key pair"))
            }
            Algorithm::EdDsa => Self::EdDsa(Ed25519KeyPair::generate().expect("a key pair")),
            Algorithm::Rs256 => Self::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair")),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => pair.sign(&random, message).expect("a signature").as_ref().to_vec(),
            Self::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .expect("a signature");
                signature
            }
        }
    }

    pub(crate) fn to_cose(&self) -> Vec<u8> {
        let entries = match self {
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = point[1..].split_at(32);
                vec![
                    (1, integer(2)),
                    (3, integer(-7)),
                    (-1, integer(1)),
                    (-2, bytes(x)),
                    (-3, bytes(y)),
                ]
            }
            Self::EdDsa(pair) => vec![
                (1, integer(1)),
                (3, integer(-8)),
                (-1, integer(6)),
                (-2, bytes(pair.public_key().as_ref())),
            ],
            Self::Rs256(pair) => {
                // In DER (RFC 8017, appendix A.1.1), a modulus of 2048 bits follows nine bytes, the last being 0.
                let der = pair.public_key().as_ref();
                let modulus = &der[9..265];
                vec![
                    (1, integer(3)),
                    (3, integer(-257)),
                    (-1, bytes(modulus)),
                    (-2, bytes(&[1, 0, 1])),
                ]
            }
        };
        let encoded = entries
            .iter()
            .map(|(label, value)| [integer(*label), value.clone()].concat());
        [map(entries.len()), encoded.collect::<Vec<_>>().concat()].concat()
    }
}
