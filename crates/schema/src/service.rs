//! Service information, health, settings and keys.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::SignUpPolicy;

/// The name and version of the service, and the paths of its documentation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "message": "Hello World", "name": "vestibule", "version": "0.1.0", "docs": "/docs/", "openapi": "/openapi.json"
}))]
pub struct WelcomeResponse {
    /// A greeting.
    pub message: &'static str,
    /// The name of the service.
    pub name: &'static str,
    /// The version of the service.
    pub version: &'static str,
    /// The path of Swagger UI.
    pub docs: &'static str,
    /// The path of the OpenAPI document.
    pub openapi: &'static str,
}

/// The health of the service.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "status": "ok" }))]
pub struct HealthResponse {
    /// The status. An unhealthy service responds with 503 instead.
    pub status: HealthStatus,
}

/// The status of a healthy service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// The service is running and ready.
    Ok,
}

/// The settings that a web app needs before a user signs in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "setup_required": false, "sign_up": "open", "require_verified_email": false,
    "password": { "min_length": 8, "max_length": 128 }, "mail": false, "passkeys": true
}))]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct SettingsResponse {
    /// True until the first administrator is created.
    pub setup_required: bool,
    /// The sign-up policy.
    pub sign_up: SignUpName,
    /// True if users must verify their email address before they can sign in.
    pub require_verified_email: bool,
    /// The rules for new passwords.
    pub password: PasswordRules,
    /// True if the server delivers email.
    pub mail: bool,
    /// True if users can have passkeys. The host of the public URL is then not an IP address.
    pub passkeys: bool,
}

/// The sign-up policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignUpName {
    /// Anyone may sign up.
    Open,
    /// Only callers with `users:create` may create users.
    Closed,
}

impl From<SignUpPolicy> for SignUpName {
    fn from(sign_up: SignUpPolicy) -> Self {
        match sign_up {
            SignUpPolicy::Open => Self::Open,
            SignUpPolicy::Closed => Self::Closed,
        }
    }
}

/// The rules for new passwords.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "min_length": 8, "max_length": 128 }))]
pub struct PasswordRules {
    /// The minimum number of code points.
    pub min_length: usize,
    /// The maximum number of code points.
    pub max_length: usize,
}

/// The pages where users manage their passkeys.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PasskeyEndpoints, example = json!({
    "enroll": "http://localhost:8000/account/security", "manage": "http://localhost:8000/account/security"
}))]
pub struct PasskeyEndpointsResponse {
    /// The URL of the page to add a passkey.
    #[schema(format = "uri")]
    pub enroll: String,
    /// The URL of the page to manage passkeys.
    #[schema(format = "uri")]
    pub manage: String,
}

/// The origins that may use the passkeys of this server.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RelatedOrigins, example = json!({ "origins": ["http://localhost:8000"] }))]
pub struct RelatedOriginsResponse {
    /// The origins.
    pub origins: Vec<String>,
}

/// The public keys of access tokens (RFC 7517, section 5).
#[derive(ToSchema)]
#[schema(example = json!({ "keys": [{
    "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "use": "sig", "alg": "EdDSA", "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
}] }))]
#[expect(
    dead_code,
    reason = "only describes the response, which is serialized once at startup"
)]
pub struct JwksResponse {
    /// The keys; empty if tokens are signed with HMAC.
    keys: Vec<JwkResponse>,
}

/// A public key (RFC 7517, section 4).
#[derive(ToSchema)]
#[schema(example = json!({
    "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "use": "sig", "alg": "ES256", "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
}))]
#[expect(
    dead_code,
    reason = "only describes the response, which is serialized once at startup"
)]
pub struct JwkResponse {
    /// The key type: `OKP` for Ed25519 (RFC 8037), `EC` for P-256 (RFC 7518, section 6.2).
    kty: String,
    /// The curve: `Ed25519` or `P-256`.
    crv: String,
    /// The public key or its x coordinate, in base64url.
    x: String,
    /// The y coordinate of a P-256 key, in base64url.
    #[schema(nullable = false)]
    y: Option<String>,
    /// The use of the key, always `sig`.
    r#use: String,
    /// The signature algorithm: `EdDSA` or `ES256`.
    alg: String,
    /// The key identifier, which is the thumbprint of the key (RFC 7638).
    kid: String,
}
