//! The header of a token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

/// The length of the longest token that is issued and read; nothing is decoded of longer texts. It fits into a
/// header of every common server and proxy.
pub(super) const MAX_BYTES: usize = 4096;

/// The media type of access tokens (RFC 9068, section 2.1).
pub(super) const TYPE: &str = "at+jwt";

/// Exactly what we write. Any other member, such as `jwk`, `jku`, `x5u` or `crit`, would ask the reader
/// to do something that it does not do, and makes the token somebody else's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenHeader {
    typ: String,
    /// The algorithm, which is compared with that of the key and never followed.
    pub(super) alg: String,
    /// The name of the key, where keys have names.
    #[serde(default)]
    pub(super) kid: Option<String>,
}

/// The header of a token of three parts that could be ours.
pub(super) fn read(token: &str) -> Option<TokenHeader> {
    if token.len() > MAX_BYTES {
        return None;
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return None;
    };
    if claims.is_empty() || signature.is_empty() {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(header).ok()?;
    let header: TokenHeader = serde_json::from_slice(&bytes).ok()?;
    (header.typ == TYPE).then_some(header)
}
