//! Email verification, and requests for links.

use deserr::Deserr;
use utoipa::ToSchema;
use vestibule_domain::NormalizedEmail;

use crate::RequestErrors;

/// A request for an emailed link.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "ada@example.com" }))]
pub struct LinkRequest {
    /// The email address of the account.
    // Existing accounts may have addresses that are no longer accepted for new ones.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: NormalizedEmail,
}

/// The verification of an email address.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "password": "correct horse battery"
}))]
pub struct VerifyEmailRequest {
    /// The token from the link.
    pub token: String,
    /// The password of the account. Required unless the request has an access token of the account.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false)]
    pub password: Option<String>,
}
