//! The header of a token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::TYPE;

/// Exactly what we write. Any other member, such as `jwk`, `jku`, `x5u` or `crit`, would ask the reader
/// to do something that it does not do, and makes the token somebody else's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: String,
}

/// Whether a token of three parts has the header of ours.
pub(super) fn is_ours(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return false;
    };
    if claims.is_empty() || signature.is_empty() {
        return false;
    }
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(header) else {
        return false;
    };
    serde_json::from_slice(&bytes).is_ok_and(|Header { typ, alg }| typ == TYPE && alg == "HS256")
}
