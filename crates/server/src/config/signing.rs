//! What signs access tokens.

use vestibule_domain::Secret;
use vestibule_security::{KeyPair, SigningAlgorithm};

use super::reader::{Reader, set_or_not};

const ALGORITHM: &str = "VESTIBULE_JWT_ALGORITHM";
const PRIVATE_KEY: &str = "VESTIBULE_JWT_PRIVATE_KEY";

/// Reads the key pairs that sign access tokens; none when the server's key does.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<KeyPair> {
    let words = [
        ("HS256", None),
        ("EdDSA", Some(SigningAlgorithm::EdDsa)),
        ("ES256", Some(SigningAlgorithm::Es256)),
    ];
    let algorithm = reader.choice(ALGORITHM, None, &words);
    let parse = |pem: Secret<String>| KeyPair::parse_all(pem.expose()).map_err(|_| RIGHT.to_owned());
    let pairs = reader.secret(PRIVATE_KEY, parse, |pairs| set_or_not(pairs.is_some()));
    let found = pairs.as_ref().and_then(|pairs| pairs.first()).map(KeyPair::algorithm);
    match (algorithm, found) {
        _ if reader.is_wrong(ALGORITHM) || reader.is_wrong(PRIVATE_KEY) => {}
        (None, Some(_)) => reader.mistake(
            PRIVATE_KEY,
            format!("is of no use to HS256; set {ALGORITHM}, or remove it"),
        ),
        (Some(wanted), None) => {
            let name = name(wanted);
            reader.mistake(
                PRIVATE_KEY,
                format!("must be set with {ALGORITHM}={name}; `vestibule key generate {name}` makes one"),
            );
        }
        (Some(wanted), Some(found)) if wanted != found => reader.mistake(
            PRIVATE_KEY,
            format!(
                "begins with a key for {}, and {ALGORITHM} is {}",
                name(found),
                name(wanted)
            ),
        ),
        _ => {}
    }
    pairs.unwrap_or_default()
}

const RIGHT: &str = "a private key for Ed25519 or P-256 as PKCS#8 in PEM, as `vestibule key generate EdDSA` makes \
                     it; further ones may follow, by which tokens are still accepted";

const fn name(algorithm: SigningAlgorithm) -> &'static str {
    match algorithm {
        SigningAlgorithm::EdDsa => "EdDSA",
        SigningAlgorithm::Es256 => "ES256",
    }
}
