//! Responses of authenticators: the JSON of Web Authentication Level 3, section 5.1.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{AuthenticationResponse, CredentialId, RegistrationResponse};

use crate::{FieldCode, FieldError, RequestErrors, from_text};

/// Bytes as base64url without padding (RFC 4648, section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base64Url(Vec<u8>);

from_text! {
    Base64Url: base64url;
}

fn base64url(text: &str) -> Result<Base64Url, FieldError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map(Base64Url);
    bytes.map_err(|_| FieldError::new(FieldCode::InvalidFormat, "must be base64url without padding"))
}

/// Encodes bytes as base64url without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, Serialize, ToSchema)]
#[deserr(error = RequestErrors)]
pub enum CredentialType {
    /// A passkey.
    #[deserr(rename = "public-key")]
    #[serde(rename = "public-key")]
    PublicKey,
}

/// The response of `navigator.credentials.create()`, as `toJSON()` returns it (`RegistrationResponseJSON`). Other members are
/// ignored.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
#[schema(as = RegistrationResponse, example = json!({ "id": "AZM7HnwAcACAAC9uShucPQ", "rawId": "AZM7HnwAcACAAC9uShucPQ", "type": "public-key", "response": { "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "attestationObject": "o2NmbXRkbm9uZQ", "transports": ["internal"] }, "clientExtensionResults": { "credProps": { "rk": true } } }))]
pub struct RegistrationCredential {
    /// The identifier of the credential, in base64url.
    #[schema(value_type = String)]
    pub id: Base64Url,
    /// The same as `id`.
    #[deserr(rename = "rawId")]
    #[serde(rename = "rawId")]
    #[schema(value_type = String)]
    pub raw_id: Base64Url,
    /// The kind of credential.
    #[deserr(rename = "type")]
    #[serde(rename = "type")]
    pub credential_type: CredentialType,
    /// The response of the authenticator.
    pub response: AttestationResponse,
    /// The results of extensions. Only `credProps.rk` is read.
    #[deserr(default, rename = "clientExtensionResults")]
    #[serde(rename = "clientExtensionResults")]
    #[schema(required = false)]
    pub extension_results: ExtensionResults,
}

/// The response of an authenticator that created a passkey.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
#[schema(example = json!({ "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "attestationObject": "o2NmbXRkbm9uZQ", "transports": ["internal"] }))]
pub struct AttestationResponse {
    /// The client data, in base64url.
    #[deserr(rename = "clientDataJSON")]
    #[serde(rename = "clientDataJSON")]
    #[schema(value_type = String)]
    pub client_data: Base64Url,
    /// The attestation object, in base64url.
    #[deserr(rename = "attestationObject")]
    #[serde(rename = "attestationObject")]
    #[schema(value_type = String)]
    pub attestation_object: Base64Url,
    /// The transports of the authenticator, such as `internal`.
    #[deserr(default)]
    #[schema(required = false)]
    pub transports: Vec<String>,
}

/// The results of extensions.
#[derive(Debug, Default, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
#[schema(example = json!({ "credProps": { "rk": true } }))]
pub struct ExtensionResults {
    /// The properties of the credential.
    #[deserr(default, rename = "credProps")]
    #[serde(rename = "credProps")]
    #[schema(nullable = false)]
    pub cred_props: Option<CredentialProperties>,
}

/// The properties of a credential.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
#[schema(example = json!({ "rk": true }))]
pub struct CredentialProperties {
    /// True if the credential is discoverable.
    #[deserr(default)]
    #[schema(nullable = false)]
    pub rk: Option<bool>,
}

/// The response of `navigator.credentials.get()`, as `toJSON()` returns it (`AuthenticationResponseJSON`). Other members are
/// ignored.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
#[schema(as = AuthenticationResponse, example = json!({ "id": "AZM7HnwAcACAAC9uShucPQ", "rawId": "AZM7HnwAcACAAC9uShucPQ", "type": "public-key", "response": { "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "authenticatorData": "SZYN5YgOjGh0NBcPZHZgWw", "signature": "MEUCIQDv", "userHandle": "AZM7HnwAcACAAAAAAAAAAQ" } }))]
pub struct AuthenticationCredential {
    /// The identifier of the credential, in base64url.
    #[schema(value_type = String)]
    pub id: Base64Url,
    /// The same as `id`.
    #[deserr(rename = "rawId")]
    #[serde(rename = "rawId")]
    #[schema(value_type = String)]
    pub raw_id: Base64Url,
    /// The kind of credential.
    #[deserr(rename = "type")]
    #[serde(rename = "type")]
    pub credential_type: CredentialType,
    /// The response of the authenticator.
    pub response: AssertionResponse,
}

/// The response of an authenticator that used a passkey.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors)]
#[schema(example = json!({ "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", "authenticatorData": "SZYN5YgOjGh0NBcPZHZgWw", "signature": "MEUCIQDv", "userHandle": "AZM7HnwAcACAAAAAAAAAAQ" }))]
pub struct AssertionResponse {
    /// The client data, in base64url.
    #[deserr(rename = "clientDataJSON")]
    #[serde(rename = "clientDataJSON")]
    #[schema(value_type = String)]
    pub client_data: Base64Url,
    /// The authenticator data, in base64url.
    #[deserr(rename = "authenticatorData")]
    #[serde(rename = "authenticatorData")]
    #[schema(value_type = String)]
    pub authenticator_data: Base64Url,
    /// The signature, in base64url.
    #[schema(value_type = String)]
    pub signature: Base64Url,
    /// The user handle, in base64url; absent or `null` if the authenticator did not return it.
    #[deserr(default, rename = "userHandle")]
    #[serde(rename = "userHandle")]
    #[schema(value_type = Option<String>)]
    pub user_handle: Option<Base64Url>,
}

/// Checks that both identifiers are the same.
fn credential_id(id: Base64Url, raw_id: &Base64Url) -> Result<CredentialId, FieldError> {
    if id == *raw_id {
        Ok(CredentialId(id.0))
    } else {
        Err(FieldError::new(
            FieldCode::InvalidFormat,
            "must have the same id and rawId",
        ))
    }
}

impl TryFrom<RegistrationCredential> for RegistrationResponse {
    type Error = FieldError;

    fn try_from(credential: RegistrationCredential) -> Result<Self, FieldError> {
        /// Names of transports that are longer or more are ignored.
        const MAX_TRANSPORTS: usize = 10;
        let is_name =
            |name: &String| (1..=20).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        let AttestationResponse {
            client_data,
            attestation_object,
            transports,
        } = credential.response;
        Ok(Self {
            credential_id: credential_id(credential.id, &credential.raw_id)?,
            client_data: client_data.0,
            attestation_object: attestation_object.0,
            transports: transports.into_iter().filter(is_name).take(MAX_TRANSPORTS).collect(),
            discoverable: credential
                .extension_results
                .cred_props
                .and_then(|properties| properties.rk),
        })
    }
}

impl TryFrom<AuthenticationCredential> for AuthenticationResponse {
    type Error = FieldError;

    fn try_from(credential: AuthenticationCredential) -> Result<Self, FieldError> {
        let AssertionResponse {
            client_data,
            authenticator_data,
            signature,
            user_handle,
        } = credential.response;
        Ok(Self {
            credential_id: credential_id(credential.id, &credential.raw_id)?,
            client_data: client_data.0,
            authenticator_data: authenticator_data.0,
            signature: signature.0,
            user_handle: user_handle.map(|handle| handle.0),
        })
    }
}
