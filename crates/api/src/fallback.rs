//! Requests that no route answers.

use actix_web::{HttpRequest, HttpResponse, http::Method};
use vestibule_schema::Code;

use crate::{
    problem::{ApiError, ApiResult},
    routes::METHODS,
    service::{placeholder, wants_html},
};

/// Paths that belong to the service itself; every other belongs to the web app.
const OWN: [&str; 7] = [
    "/api",
    "/docs",
    "/health",
    "/problems",
    "/.well-known",
    "/assets",
    "/openapi.json",
];

/// 405 where another method would be answered, the web app for a browser, else 404.
pub(crate) async fn fallback(request: HttpRequest) -> ApiResult<HttpResponse> {
    let path = request.path();
    if let Some(allow) = METHODS.of(path) {
        return Err(ApiError::method_not_allowed(allow));
    }
    if request.method() == Method::GET && wants_html(&request) && !is_own(path) {
        return Ok(placeholder());
    }
    Err(ApiError::new(Code::NotFound))
}

fn is_own(path: &str) -> bool {
    let under = |own: &&str| {
        path.strip_prefix(*own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    path == "/robots.txt" || OWN.iter().any(under)
}
