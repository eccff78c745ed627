//! Refresh tokens as text.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use vestibule_domain::{REFRESH_TOKEN_BYTES, RefreshToken};

/// The text to hand out.
pub(super) fn encode(token: &RefreshToken) -> String {
    URL_SAFE_NO_PAD.encode(token.to_bytes())
}

/// Reads a text that was handed in; `None` when it cannot be a token of ours.
pub(super) fn decode(text: &str) -> Option<RefreshToken> {
    let bytes: [u8; REFRESH_TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    Some(RefreshToken::from_bytes(&bytes))
}
