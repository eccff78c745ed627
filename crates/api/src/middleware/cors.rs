//! Cross-origin requests (CORS).

use actix_cors::Cors;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap, HeaderValue};

use crate::HttpSettings;

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

const REQUEST_HEADERS: [&str; 6] = [
    "Authorization",
    "Content-Type",
    "If-Match",
    "Idempotency-Key",
    "X-Request-Id",
    "X-Requested-With",
];

const EXPOSED_HEADERS: HeaderValue =
    HeaderValue::from_static("X-Request-Id, Retry-After, Link, Location, ETag, X-Total-Count, X-Total-Count-Kind");

/// The time for which browsers may cache a preflight response, in seconds.
const MAX_AGE: usize = 600;

/// Creates the CORS middleware, which allows exactly the configured origins, with credentials.
pub(crate) fn cors(settings: &HttpSettings) -> Cors {
    let cors = Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(REQUEST_HEADERS)
        .supports_credentials()
        .max_age(MAX_AGE);
    settings
        .cors_origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Sets the headers that pages of allowed origins may read. actix-cors would list them in a different order on each
/// worker, which would make otherwise identical responses distinguishable.
pub(super) fn expose_headers(headers: &mut HeaderMap) {
    if headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
}
