//! Requests that no route answers.

use actix_web::{HttpRequest, HttpResponse, http::Method, web::Data};
use vestibule_schema::Code;

use crate::{
    HttpSettings,
    methods::Methods,
    problem::{ApiError, ApiResult},
    service::{placeholder, wants_html},
};

/// Paths that belong to the service itself, with all below them; every other belongs to the web app.
const OWN: [&str; 8] = [
    "/api",
    "/docs",
    "/health",
    "/problems",
    "/.well-known",
    "/assets",
    "/openapi.json",
    "/robots.txt",
];

/// Paths of the documentation, which can be switched off.
const DOCS: [&str; 2] = ["/docs", "/openapi.json"];

/// 405 where another method would be answered, the web app for a browser, else 404.
pub(crate) async fn fallback(
    request: HttpRequest,
    settings: Data<HttpSettings>,
    methods: Data<Methods>,
) -> ApiResult<HttpResponse> {
    let path = request.path();
    let is_get = request.method() == Method::GET;
    if let Some(allow) = methods.of(path) {
        return Err(ApiError::method_not_allowed(allow));
    }
    if settings.docs && !is_get && is_under(path, &DOCS) {
        return Err(ApiError::method_not_allowed("GET, HEAD"));
    }
    if is_get && wants_html(&request) && !is_under(path, &OWN) {
        return Ok(placeholder());
    }
    Err(ApiError::new(Code::NotFound))
}

fn is_under(path: &str, folders: &[&str]) -> bool {
    let under = |folder: &&str| {
        path.strip_prefix(*folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    folders.iter().any(under)
}
