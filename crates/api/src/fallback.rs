//! Fallback for requests that match no route.

use actix_web::{HttpRequest, HttpResponse, ResponseError, http::Method, web::Data};
use vestibule_schema::Code;

use crate::{
    HttpSettings, WebApp,
    allowed_methods::AllowedMethods,
    problem::{ApiError, ApiResult},
    web_app,
};

/// Path prefixes of the service itself, which the web app never handles.
const SERVICE: [&str; 6] = ["/api", "/docs", "/health", "/problems", "/.well-known", "/openapi.json"];

/// Path prefixes of web app files; any other path may be a page of the web app.
const FILES: [&str; 2] = ["/assets", "/robots.txt"];

/// Path prefixes of the API documentation, which can be disabled.
const DOCS: [&str; 2] = ["/docs", "/openapi.json"];

/// Returns 405 if the path handles other methods, the web app to a browser, and 404 otherwise.
pub(crate) async fn fallback(
    request: HttpRequest,
    settings: Data<HttpSettings>,
    methods: Data<AllowedMethods>,
    web_app: Data<dyn WebApp>,
) -> ApiResult<HttpResponse> {
    let path = request.match_info().as_str();
    let is_get = request.method() == Method::GET;
    if let Some(allow) = methods.for_path(path) {
        return Err(ApiError::method_not_allowed(allow));
    }
    if settings.docs && !is_get && is_under(path, &DOCS) {
        return Err(ApiError::method_not_allowed("GET, HEAD"));
    }
    if is_under(path, &SERVICE) {
        return Err(ApiError::new(Code::NotFound));
    }
    match web_app::file(&request, &**web_app, path.strip_prefix('/').unwrap_or(path)) {
        Some(_) if !is_get => Err(ApiError::method_not_allowed("GET, HEAD")),
        Some(file) => Ok(file),
        None if is_get && !is_under(path, &FILES) => Ok(page(&request, &**web_app)),
        None => Err(ApiError::new(Code::NotFound)),
    }
}

/// Returns the page of the web app to a browser and 404 to any other client.
fn page(request: &HttpRequest, app: &dyn WebApp) -> HttpResponse {
    if web_app::wants_page(request) {
        return web_app::page(request, app);
    }
    let mut not_found = ApiError::new(Code::NotFound).error_response();
    web_app::vary(&mut not_found);
    not_found
}

fn is_under(path: &str, folders: &[&str]) -> bool {
    let under = |folder: &&str| {
        path.strip_prefix(*folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    folders.iter().any(under)
}
