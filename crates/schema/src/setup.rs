//! First-run setup.

use serde::Deserialize;
use utoipa::ToSchema;

/// The first administrator to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "m3kYc1Wb3v0lJt5o0Yt0m5n9mDq7M5l8d0rXb1b8m2E", "email": "ada@example.com",
    "password": "correct horse battery"
}))]
pub struct SetupRequest {
    /// The token from the link that the server prints at startup.
    pub token: String,
    /// The email address for sign-in, at most 254 bytes.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// The password, 8 to 128 code points, not a common password.
    #[schema(format = "password", min_length = 8, max_length = 128)]
    pub password: String,
}
