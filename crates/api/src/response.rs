//! Responses shared by several handlers.

use actix_web::{
    HttpResponse,
    http::header::{ETAG, LOCATION},
};
use serde::Serialize;
use vestibule_domain::Version;

/// Returns 200 with a body.
pub(crate) fn ok(body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().json(body)
}

/// Returns 200 with a resource and its `ETag`.
pub(crate) fn tagged(version: Version, body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((ETAG, etag(version))).json(body)
}

/// Returns 201 with a created resource, its `Location` and its `ETag`.
pub(crate) fn created(location: String, version: Version, body: impl Serialize) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((ETAG, etag(version)))
        .insert_header((LOCATION, location))
        .json(body)
}

/// Returns 202: the request was accepted and takes effect later.
pub(crate) fn accepted() -> HttpResponse {
    HttpResponse::Accepted().finish()
}

/// Returns 204.
pub(crate) fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Formats a version as a strong entity tag (RFC 9110, section 8.8.3).
fn etag(version: Version) -> String {
    format!("\"{}\"", version.get())
}
