//! Headers of every response.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::cors::expose_headers;
use crate::HttpSettings;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const CSP: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
/// The policy for Swagger UI, whose arrows are `data:` images.
const DOCS_CSP: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data:";

const FIXED: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Adds the request identifier, the security headers and the caching headers to a response.
pub(super) fn add_headers(headers: &mut HeaderMap, request_id: &str, path: &str, settings: &HttpSettings) {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let csp = if is_under(path, "/docs") { DOCS_CSP } else { CSP };
    headers.insert(
        HeaderName::from_static("content-security-policy"),
        HeaderValue::from_static(csp),
    );
    if let Some(hsts) = settings
        .hsts
        .as_deref()
        .and_then(|value| HeaderValue::from_str(value).ok())
    {
        headers.insert(HeaderName::from_static("strict-transport-security"), hsts);
    }
    if is_under(path, "/api") {
        headers.insert(
            HeaderName::from_static("cache-control"),
            HeaderValue::from_static("no-store"),
        );
    }
    expose_headers(headers);
    vary_by_origin(headers);
}

/// Adds `Origin` to `Vary`, so that a cached response without CORS headers is not reused for another origin.
fn vary_by_origin(headers: &mut HeaderMap) {
    let vary = HeaderName::from_static("vary");
    let has_origin = headers.get_all(&vary).any(|value| {
        value
            .to_str()
            .is_ok_and(|value| value.split(',').any(|name| name.trim().eq_ignore_ascii_case("origin")))
    });
    if !has_origin {
        headers.append(vary, HeaderValue::from_static("Origin"));
    }
}

fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
