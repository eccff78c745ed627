//! Requests that no route answers.

use actix_web::{HttpRequest, HttpResponse, ResponseError, http::Method, web::Data};
use vestibule_schema::Code;

use crate::{
    HttpSettings, WebApp,
    methods::Methods,
    problem::{ApiError, ApiResult},
    web_app,
};

/// Paths that belong to the service itself, with all below them.
const OWN: [&str; 6] = ["/api", "/docs", "/health", "/problems", "/.well-known", "/openapi.json"];

/// Paths of the web app that are files or nothing; every other may be a page of it.
const FILES: [&str; 2] = ["/assets", "/robots.txt"];

/// Paths of the documentation, which can be switched off.
const DOCS: [&str; 2] = ["/docs", "/openapi.json"];

/// 405 where another method would be answered, the web app for a browser, else 404.
pub(crate) async fn fallback(
    request: HttpRequest,
    settings: Data<HttpSettings>,
    methods: Data<Methods>,
    web_app: Data<dyn WebApp>,
) -> ApiResult<HttpResponse> {
    let path = request.match_info().as_str();
    let is_get = request.method() == Method::GET;
    if let Some(allow) = methods.of(path) {
        return Err(ApiError::method_not_allowed(allow));
    }
    if settings.docs && !is_get && is_under(path, &DOCS) {
        return Err(ApiError::method_not_allowed("GET, HEAD"));
    }
    if is_under(path, &OWN) {
        return Err(ApiError::new(Code::NotFound));
    }
    match web_app::file(&request, &**web_app, path.strip_prefix('/').unwrap_or(path)) {
        Some(_) if !is_get => Err(ApiError::method_not_allowed("GET, HEAD")),
        Some(file) => Ok(file),
        None if is_get && !is_under(path, &FILES) => Ok(page(&request, &**web_app)),
        None => Err(ApiError::new(Code::NotFound)),
    }
}

/// What a path is that may be a page: one to a browser, nothing to others.
fn page(request: &HttpRequest, app: &dyn WebApp) -> HttpResponse {
    if web_app::wants_page(request) {
        return web_app::page(request, app);
    }
    let mut nothing = ApiError::new(Code::NotFound).error_response();
    web_app::vary(&mut nothing);
    nothing
}

fn is_under(path: &str, folders: &[&str]) -> bool {
    let under = |folder: &&str| {
        path.strip_prefix(*folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    folders.iter().any(under)
}
