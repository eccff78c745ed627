//! The header of a token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

/// The length of the longest token that is issued and read. Longer input is rejected before it is decoded. Such a
/// token fits into an HTTP header of every common server and proxy.
pub(super) const MAX_BYTES: usize = 4096;

/// The media type of access tokens (RFC 9068, section 2.1).
pub(super) const TYPE: &str = "at+jwt";

/// The members of a header that this server writes. A token with any other member, such as `jwk`, `jku`, `x5u` or
/// `crit`, is rejected, because such a member asks the verifier for something that it does not do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenHeader {
    typ: String,
    /// The algorithm. It must be that of the key and never selects how a token is verified.
    pub(super) alg: String,
    /// The identifier of the key. Shared keys have none.
    #[serde(default)]
    pub(super) kid: Option<String>,
}

/// Parses the header of a token. Returns `None` if the token cannot be one of this server.
pub(super) fn parse(token: &str) -> Option<TokenHeader> {
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
