//! Client data: the data that the browser adds about the request and the page (Web Authentication, section 5.8.1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use vestibule_domain::{PasskeyChallenge, PasskeyError, Secret};

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Ceremony {
    #[serde(rename = "webauthn.create")]
    Registration,
    #[serde(rename = "webauthn.get")]
    Authentication,
    #[serde(other)]
    Other,
}

/// The known members. Browsers may add others.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: Ceremony,
    challenge: String,
    origin: String,
    cross_origin: Option<bool>,
    #[serde(default, rename = "topOrigin", deserialize_with = "is_present")]
    has_top_origin: bool,
}

fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// Verifies the request that client data respond to, and the page on which the browser created them.
pub(super) fn verify(
    bytes: &[u8],
    ceremony: Ceremony,
    challenge: &PasskeyChallenge,
    origins: &[String],
) -> Result<(), PasskeyError> {
    let data: ClientData = serde_json::from_slice(bytes).map_err(|_| PasskeyError::Malformed)?;
    let responds_to = URL_SAFE_NO_PAD
        .decode(data.challenge)
        .ok()
        .and_then(|bytes| Some(Secret::new(bytes.try_into().ok()?)));
    if data.r#type != ceremony || responds_to.as_ref() != Some(challenge) {
        return Err(PasskeyError::Challenge);
    }
    let in_frame = data.cross_origin == Some(true) || data.has_top_origin;
    if in_frame || !origins.contains(&data.origin) {
        return Err(PasskeyError::Origin);
    }
    Ok(())
}
