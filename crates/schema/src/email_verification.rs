//! Email verification, and requests for links.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::field::present;

/// A request for an emailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "ada@example.com" }))]
pub struct LinkRequest {
    /// The email address of the account.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// The verification of an email address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "password": "correct horse battery"
}))]
pub struct VerifyEmailRequest {
    /// The token from the link.
    pub token: String,
    /// The password of the account. Required unless the request has an access token of the account.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, format = "password")]
    pub password: Option<String>,
}
