//! Settings of the key pairs that sign access tokens.

use vestibule_domain::Secret;
use vestibule_security::{KeyPair, SigningAlgorithm};

use super::reader::{Reader, set_or_not};

const ALGORITHM: &str = "VESTIBULE_JWT_ALGORITHM";
const PRIVATE_KEY: &str = "VESTIBULE_JWT_PRIVATE_KEY";

/// Reads the key pairs that sign access tokens. There are none if the secret key signs them.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<KeyPair> {
    let words = [
        ("HS256", None),
        ("EdDSA", Some(SigningAlgorithm::EdDsa)),
        ("ES256", Some(SigningAlgorithm::Es256)),
    ];
    let algorithm = reader.choice(ALGORITHM, None, &words);
    let parse = |pem: Secret<String>| KeyPair::parse_all(pem.expose()).map_err(|_| EXPECTED.to_owned());
    let pairs = reader.secret(PRIVATE_KEY, parse, |pairs| set_or_not(pairs.is_some()));
    let found = pairs.as_ref().and_then(|pairs| pairs.first()).map(KeyPair::algorithm);
    match (algorithm, found) {
        _ if reader.has_error(ALGORITHM) || reader.has_error(PRIVATE_KEY) => {}
        (None, Some(_)) => reader.error(
            PRIVATE_KEY,
            format!("has no effect with HS256; set {ALGORITHM} or remove it"),
        ),
        (Some(algorithm), None) => {
            let name = name(algorithm);
            reader.error(
                PRIVATE_KEY,
                format!("must be set with {ALGORITHM}={name}; run `vestibule key generate {name}` to generate one"),
            );
        }
        (Some(algorithm), Some(found)) if algorithm != found => reader.error(
            PRIVATE_KEY,
            format!(
                "starts with a key for {}, but {ALGORITHM} is {}",
                name(found),
                name(algorithm)
            ),
        ),
        _ => {}
    }
    pairs.unwrap_or_default()
}

const EXPECTED: &str = "a private key for Ed25519 or P-256 in PKCS#8 PEM, as printed by `vestibule key generate EdDSA`; \
                        further keys may follow, whose tokens are still accepted";

const fn name(algorithm: SigningAlgorithm) -> &'static str {
    match algorithm {
        SigningAlgorithm::EdDsa => "EdDSA",
        SigningAlgorithm::Es256 => "ES256",
    }
}
