//! Answers that several handlers give.

use actix_web::{
    HttpResponse,
    http::header::{ETAG, LOCATION},
};
use serde::Serialize;
use vestibule_domain::Version;

/// 200 with a body.
pub(crate) fn ok(body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().json(body)
}

/// 200 with a resource at a version.
pub(crate) fn tagged(version: Version, body: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((ETAG, etag(version))).json(body)
}

/// 201 with a resource that was made, and where it is.
pub(crate) fn created(location: String, version: Version, body: impl Serialize) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((ETAG, etag(version)))
        .insert_header((LOCATION, location))
        .json(body)
}

/// 202: what was asked for happens later.
pub(crate) fn accepted() -> HttpResponse {
    HttpResponse::Accepted().finish()
}

/// 204.
pub(crate) fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// A version as a strong entity tag (RFC 9110, section 8.8.3).
fn etag(version: Version) -> String {
    format!("\"{}\"", version.get())
}
