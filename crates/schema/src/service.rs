//! What the service says about itself.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::SignUpPolicy;

/// A greeting, and where to go from here.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "message": "Hello World", "name": "vestibule", "version": "0.1.0", "docs": "/docs/", "openapi": "/openapi.json"
}))]
pub struct WelcomeResponse {
    /// A greeting.
    pub message: &'static str,
    /// The name of the program.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The path of Swagger UI.
    pub docs: &'static str,
    /// The path of this document.
    pub openapi: &'static str,
}

/// Whether the service is well.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "status": "ok" }))]
pub struct HealthResponse {
    /// Always `ok`: another answer has another status.
    pub status: &'static str,
}

/// What a web app needs to know before anybody signs in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "setup_required": false, "sign_up": "open", "require_verified_email": false,
    "password": { "min_length": 8, "max_length": 128 }, "mail": false
}))]
pub struct SettingsResponse {
    /// Whether the installation waits for its first administrator.
    pub setup_required: bool,
    /// `open` when anyone may sign up, else `closed`.
    pub sign_up: SignUpName,
    /// Whether an address must be verified before its owner can sign in.
    pub require_verified_email: bool,
    /// The rules for new passwords.
    pub password: PasswordRules,
    /// Whether the server sends mail.
    pub mail: bool,
}

/// Whether anyone may sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignUpName {
    /// Anyone may.
    Open,
    /// Only who may create users.
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
    /// The least number of code points.
    pub min_length: usize,
    /// The most code points.
    pub max_length: usize,
}

/// The public keys of access tokens (RFC 7517, section 5). It serves the document only: the keys travel
/// as text that is made once.
#[derive(ToSchema)]
#[schema(example = json!({ "keys": [{
    "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "use": "sig", "alg": "EdDSA", "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
}] }))]
#[expect(dead_code, reason = "it describes what travels as text")]
pub struct JwksResponse {
    /// The keys; none when tokens are signed with HMAC.
    keys: Vec<JwkResponse>,
}

/// A public key (RFC 7517, section 4).
#[derive(ToSchema)]
#[schema(example = json!({
    "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "use": "sig", "alg": "ES256", "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
}))]
#[expect(dead_code, reason = "it describes what travels as text")]
pub struct JwkResponse {
    /// `OKP` for Ed25519 (RFC 8037), `EC` for P-256 (RFC 7518, section 6.2).
    kty: String,
    /// `Ed25519` or `P-256`.
    crv: String,
    /// The key, or one coordinate of it, in base64url.
    x: String,
    /// The other coordinate of a P-256 key.
    #[schema(nullable = false)]
    y: Option<String>,
    /// Always `sig`.
    r#use: String,
    /// `EdDSA` or `ES256`.
    alg: String,
    /// The name of the key, its thumbprint (RFC 7638).
    kid: String,
}
