//! First-run setup.

use deserr::Deserr;
use utoipa::ToSchema;
use vestibule_domain::EmailAddress;

use crate::{RequestErrors, SetsPassword};

/// The first administrator to create.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "m3kYc1Wb3v0lJt5o0Yt0m5n9mDq7M5l8d0rXb1b8m2E", "email": "ada@example.com",
    "password": "correct horse battery"
}))]
pub struct SetupRequest {
    /// The token from the link that the server prints at startup.
    pub token: String,
    /// The email address for sign-in, at most 254 bytes.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub email: EmailAddress,
    /// The password, 8 to 128 code points, not a common password.
    #[schema(min_length = 8, max_length = 128)]
    pub password: String,
}

impl SetsPassword for SetupRequest {
    const PASSWORD: &'static str = "password";
    const EMAIL: Option<&'static str> = Some("email");
}
