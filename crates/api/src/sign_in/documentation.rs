//! The documentation that the operations with a refresh cookie share.

use utoipa::{IntoParams, IntoResponses};
use vestibule_schema::TokenResponse;

/// The header of requests that use the refresh cookie.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only describes the header")]
pub(super) struct CookieHeaders {
    /// Any value. Required with the cookie, together with an allowed `Origin`, which browsers send
    #[param(rename = "X-Requested-With", example = "XMLHttpRequest", required = false, value_type = String)]
    requested_with: Option<String>,
}

/// The response of a sign-in.
#[derive(IntoResponses)]
#[response(status = 200, description = "The tokens of a new session", headers(
    ("Set-Cookie" = String, description = "The refresh token, with the transport `cookie`")
))]
pub(super) struct SignedIn(#[expect(dead_code, reason = "only describes the body")] TokenResponse);
