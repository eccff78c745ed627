//! Options for browsers to create and use passkeys: the JSON of Web Authentication Level 3, sections 5.4, 5.5 and 5.8.1.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{CHALLENGE_TTL, CredentialId, Id, User, factors::NewPasskeyRequest, sign_in::PasskeyRequest};

use crate::credentials::{CredentialType, encode};

/// The algorithms that are offered, the preferred one first: `EdDSA`, `ES256` and `RS256` (RFC 9053 and RFC 8812).
const ALGORITHMS: [i32; 3] = [-8, -7, -257];

/// A credential that a browser may or may not use (`PublicKeyCredentialDescriptorJSON`).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "type": "public-key", "id": "AZM7HnwAcACAAC9uShucPQ", "transports": ["internal"] }))]
pub struct CredentialDescriptor {
    /// The kind of credential.
    #[serde(rename = "type")]
    pub credential_type: CredentialType,
    /// The identifier of the credential, in base64url.
    pub id: String,
    /// The transports of the authenticator.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub transports: Vec<String>,
}

impl CredentialDescriptor {
    fn new(id: &CredentialId, transports: Vec<String>) -> Self {
        Self {
            credential_type: CredentialType::PublicKey,
            id: encode(&id.0),
            transports,
        }
    }
}

/// The lifetime of a challenge in milliseconds, as browsers expect it.
fn timeout() -> i64 {
    CHALLENGE_TTL.num_milliseconds()
}

/// A request for `navigator.credentials.get()`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PasskeyRequest, example = json!({ "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e", "public_key": { "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E", "timeout": 300_000, "rpId": "localhost", "userVerification": "required" }, "expires_in": 300 }))]
pub struct PasskeyRequestResponse {
    /// The identifier of the challenge.
    pub challenge_id: String,
    /// The options for `PublicKeyCredential.parseRequestOptionsFromJSON()`.
    pub public_key: RequestOptions,
    /// The lifetime of the challenge, in seconds. Browsers ignore `timeout` in autofill, so a page that offers it has to
    /// request a new challenge in time.
    pub expires_in: i64,
}

/// The options to use a passkey (`PublicKeyCredentialRequestOptionsJSON`).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E", "timeout": 300_000, "rpId": "localhost", "userVerification": "required" }))]
pub struct RequestOptions {
    /// 32 random bytes, in base64url.
    pub challenge: String,
    /// The time for the user to respond, in milliseconds.
    pub timeout: i64,
    /// The identifier of the relying party.
    pub rp_id: String,
    /// The passkeys of the user; absent if the user is not known yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub allow_credentials: Vec<CredentialDescriptor>,
    /// `required` to sign in with the passkey alone, `preferred` as second factor.
    pub user_verification: Preference,
}

/// A preference of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Preference {
    /// Necessary.
    Required,
    /// Wanted, but not necessary.
    Preferred,
}

impl From<PasskeyRequest> for PasskeyRequestResponse {
    fn from(request: PasskeyRequest) -> Self {
        let PasskeyRequest {
            challenge,
            rp_id,
            allowed,
            requires_user_verification,
            expires_in,
        } = request;
        let allowed = allowed
            .into_iter()
            .map(|(id, transports)| CredentialDescriptor::new(&id, transports));
        Self {
            challenge_id: challenge.id.to_string(),
            public_key: RequestOptions {
                challenge: encode(challenge.bytes.expose()),
                timeout: expires_in.num_milliseconds(),
                rp_id,
                allow_credentials: allowed.collect(),
                user_verification: if requires_user_verification {
                    Preference::Required
                } else {
                    Preference::Preferred
                },
            },
            expires_in: expires_in.num_seconds(),
        }
    }
}

/// A request for `navigator.credentials.create()`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = NewPasskeyRequest, example = json!({ "challenge_id": "01933b1e-7c00-7000-8000-3f1c5a7b9d2e", "public_key": { "rp": { "id": "localhost", "name": "localhost" }, "user": { "id": "AZM7HnwAcACAAAAAAAAAAQ", "name": "ada@example.com", "displayName": "Ada Lovelace" }, "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E", "pubKeyCredParams": [{ "type": "public-key", "alg": -8 }], "timeout": 300_000, "excludeCredentials": [], "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" }, "attestation": "none", "extensions": { "credProps": true } }, "expires_in": 300 }))]
pub struct NewPasskeyRequestResponse {
    /// The identifier of the challenge.
    pub challenge_id: String,
    /// The options for `PublicKeyCredential.parseCreationOptionsFromJSON()`.
    pub public_key: CreationOptions,
    /// The lifetime of the challenge, in seconds.
    pub expires_in: i64,
}

/// The options to create a passkey (`PublicKeyCredentialCreationOptionsJSON`).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "rp": { "id": "localhost", "name": "localhost" }, "user": { "id": "AZM7HnwAcACAAAAAAAAAAQ", "name": "ada@example.com", "displayName": "Ada Lovelace" }, "challenge": "E6nDhJ0m8bGzXq3fOQ1uWl2yq6v0t3c9n5b7d1s8k4E", "pubKeyCredParams": [{ "type": "public-key", "alg": -8 }], "timeout": 300_000, "excludeCredentials": [], "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" }, "attestation": "none", "extensions": { "credProps": true } }))]
pub struct CreationOptions {
    /// The relying party.
    pub rp: RelyingParty,
    /// The user.
    pub user: CredentialUser,
    /// 32 random bytes, in base64url.
    pub challenge: String,
    /// The algorithms, the preferred one first.
    pub pub_key_cred_params: Vec<CredentialParameters>,
    /// The time for the user to respond, in milliseconds.
    pub timeout: i64,
    /// The passkeys of the user, so that no authenticator has two.
    pub exclude_credentials: Vec<CredentialDescriptor>,
    /// The requirements for the authenticator.
    pub authenticator_selection: AuthenticatorSelection,
    /// The proof of its model that the authenticator has to give: always `none`.
    pub attestation: &'static str,
    /// The extensions.
    pub extensions: CreationExtensions,
}

/// A relying party.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "id": "localhost", "name": "localhost" }))]
pub struct RelyingParty {
    /// Its identifier, a host name.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The user of a passkey.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "id": "AZM7HnwAcACAAAAAAAAAAQ", "name": "ada@example.com", "displayName": "Ada Lovelace" }))]
pub struct CredentialUser {
    /// The user handle, in base64url.
    pub id: String,
    /// The email address.
    pub name: String,
    /// The display name, or else the email address.
    pub display_name: String,
}

/// An algorithm.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "type": "public-key", "alg": -8 }))]
pub struct CredentialParameters {
    /// The kind of credential.
    #[serde(rename = "type")]
    pub credential_type: CredentialType,
    /// The number of the algorithm in COSE.
    pub alg: i32,
}

/// The requirements for an authenticator.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "residentKey": "preferred", "userVerification": "preferred" }))]
pub struct AuthenticatorSelection {
    /// The preference for a discoverable passkey.
    pub resident_key: Preference,
    /// The preference for a verification of the user, for example with a PIN.
    pub user_verification: Preference,
}

/// The extensions of a request to create a passkey.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "credProps": true }))]
pub struct CreationExtensions {
    /// Requests whether the passkey is discoverable.
    pub cred_props: bool,
}

/// Returns the handle of a user, in base64url: the 16 bytes of the identifier.
pub(crate) fn user_handle(user: Id<User>) -> String {
    encode(user.as_uuid().as_bytes())
}

impl From<NewPasskeyRequest> for NewPasskeyRequestResponse {
    fn from(request: NewPasskeyRequest) -> Self {
        let NewPasskeyRequest {
            challenge,
            rp_id,
            rp_name,
            user,
            excluded,
        } = request;
        let excluded = excluded
            .into_iter()
            .map(|passkey| CredentialDescriptor::new(&passkey.key.credential_id, passkey.transports));
        let email = user.email.as_str().to_owned();
        let parameters = ALGORITHMS.map(|alg| CredentialParameters {
            credential_type: CredentialType::PublicKey,
            alg,
        });
        Self {
            challenge_id: challenge.id.to_string(),
            public_key: CreationOptions {
                rp: RelyingParty {
                    id: rp_id,
                    name: rp_name,
                },
                user: CredentialUser {
                    id: user_handle(user.id),
                    display_name: user.display_name.map_or_else(|| email.clone(), String::from),
                    name: email,
                },
                challenge: encode(challenge.bytes.expose()),
                pub_key_cred_params: parameters.into(),
                timeout: timeout(),
                exclude_credentials: excluded.collect(),
                authenticator_selection: AuthenticatorSelection {
                    resident_key: Preference::Preferred,
                    user_verification: Preference::Preferred,
                },
                attestation: "none",
                extensions: CreationExtensions { cred_props: true },
            },
            expires_in: CHALLENGE_TTL.num_seconds(),
        }
    }
}
