//! Password reset.

use deserr::Deserr;
use utoipa::ToSchema;

use crate::RequestErrors;

/// A new password, set with the token of a link.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "new_password": "staple remembered twice"
}))]
pub struct ResetPasswordRequest {
    /// The token from the link.
    pub token: String,
    /// The new password, 8 to 128 code points, not a common password.
    #[schema(min_length = 8, max_length = 128)]
    pub new_password: String,
}
