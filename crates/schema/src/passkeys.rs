//! Passkeys.

use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_domain::{Passkey, PasskeyName, RecoveryCode, authenticator_name, factors::AddedPasskey};

use crate::{RegistrationCredential, RequestErrors, credentials::encode, from_text, time};

from_text! {
    PasskeyName: PasskeyName::parse;
}

/// A passkey to add.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e", "credential": { "id": "AZM7HnwAcACAAC9uShucPQ", "rawId": "AZM7HnwAcACAAC9uShucPQ", "type": "public-key", "response": { "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "attestationObject": "o2NmbXRkbm9uZQ", "transports": ["internal"] }, "clientExtensionResults": { "credProps": { "rk": true } } }, "name": "Phone" }))]
pub struct AddPasskeyRequest {
    /// The identifier of the challenge.
    pub challenge_id: String,
    /// The response of the browser.
    pub credential: RegistrationCredential,
    /// The name, 1 to 100 code points; by default that of the authenticator.
    #[deserr(default, from(PasskeyName) = Some)]
    #[schema(nullable = false, value_type = Option<String>, min_length = 1, max_length = 100)]
    pub name: Option<PasskeyName>,
}

/// A change of a passkey. Absent members are unchanged.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Phone" }))]
pub struct UpdatePasskeyRequest {
    /// The name, 1 to 100 code points.
    #[deserr(default, from(PasskeyName) = Some)]
    #[schema(nullable = false, value_type = Option<String>, min_length = 1, max_length = 100)]
    pub name: Option<PasskeyName>,
}

/// A passkey.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Passkey, example = json!({
    "id": "01933b1e-7c00-7000-8000-0c6f1f8b2a3d", "credential_id": "AZM7HnwAcACAAC9uShucPQ",
    "name": "Google Password Manager", "created_at": "2026-11-24T09:00:00.000000Z", "last_used_at": null,
    "backed_up": true, "discoverable": true, "authenticator": "Google Password Manager"
}))]
pub struct PasskeyResponse {
    /// The identifier of the passkey, a version 7 UUID.
    pub id: Uuid,
    /// The identifier of the credential, in base64url.
    pub credential_id: String,
    /// The name.
    pub name: String,
    /// The time when it was added.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
    /// The time of its last use.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
    /// True if it is synchronized between devices.
    pub backed_up: bool,
    /// True if it can be used without entering an email address.
    pub discoverable: bool,
    /// The model of the authenticator, if it is known.
    #[schema(required)]
    pub authenticator: Option<&'static str>,
}

impl From<Passkey> for PasskeyResponse {
    fn from(passkey: Passkey) -> Self {
        let Passkey {
            id,
            user: _,
            name,
            key,
            transports: _,
            discoverable,
            created_at,
            last_used_at,
        } = passkey;
        Self {
            id: id.as_uuid(),
            credential_id: encode(&key.credential_id.0),
            name: name.into(),
            created_at,
            last_used_at,
            backed_up: key.backed_up,
            discoverable,
            authenticator: authenticator_name(key.aaguid),
        }
    }
}

/// A passkey that was added.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AddedPasskey)]
pub struct AddedPasskeyResponse {
    /// The passkey.
    #[serde(flatten)]
    pub passkey: PasskeyResponse,
    /// The recovery codes, with the first factor only. They are never shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recovery_codes: Option<Vec<String>>,
}

impl From<AddedPasskey> for AddedPasskeyResponse {
    fn from(added: AddedPasskey) -> Self {
        Self {
            passkey: added.passkey.into(),
            recovery_codes: added.recovery_codes.as_deref().map(expose),
        }
    }
}

/// Returns the texts of recovery codes.
pub(crate) fn expose(codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|code| code.expose().to_owned()).collect()
}
