//! Links that are mailed.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::patch::present;

/// Somebody asks for a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "ada@example.com" }))]
pub struct LinkRequest {
    /// The address of the account.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// Somebody chooses a password by a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "new_password": "staple remembered twice"
}))]
pub struct ResetPasswordRequest {
    /// The token of the link.
    pub token: String,
    /// The password from now on, 8 to 128 code points and not a common one.
    #[schema(format = "password", min_length = 8, max_length = 128)]
    pub new_password: String,
}

/// Somebody shows that an address is their own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "password": "correct horse battery"
}))]
pub struct VerifyEmailRequest {
    /// The token of the link.
    pub token: String,
    /// The password of the account; without it, the access token must be that of the account.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, format = "password")]
    pub password: Option<String>,
}

/// Somebody confirms a new address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct ConfirmEmailChangeRequest {
    /// The token of the link.
    pub token: String,
}
