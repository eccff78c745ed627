//! Requests that bring a cookie must come from a page of ours.

use actix_web::{HttpRequest, http::header::ORIGIN};
use vestibule_schema::Code;

use crate::{
    HttpSettings,
    problem::{ApiError, ApiResult},
};

/// Asks for an `Origin` that is the public URL or in the settings, and for some `X-Requested-With`,
/// which a form of another site cannot send. The cookie is `SameSite=Strict` already; this holds where a
/// browser does not know that, and against other hosts of the same site.
pub(super) fn check(request: &HttpRequest, settings: &HttpSettings) -> ApiResult<()> {
    let origin = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let allowed =
        |origin: &str| origin == settings.public_url || settings.cors_origins.iter().any(|listed| listed == origin);
    let is_asked_by_script = request
        .headers()
        .get("x-requested-with")
        .is_some_and(|value| !value.is_empty());
    if is_asked_by_script && origin.is_some_and(allowed) {
        Ok(())
    } else {
        Err(ApiError::new(Code::OriginNotAllowed))
    }
}
