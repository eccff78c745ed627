//! Which pages of other origins may call the API.

use actix_cors::Cors;

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

const EXPOSED_HEADERS: [&str; 7] = [
    "X-Request-Id",
    "Retry-After",
    "Link",
    "Location",
    "ETag",
    "X-Total-Count",
    "X-Total-Count-Kind",
];

/// How long a browser may keep what a preflight said, in seconds.
const MAX_AGE: usize = 600;

/// Answers preflights and marks answers for exactly the origins of the settings, with credentials.
pub(crate) fn cors(settings: &HttpSettings) -> Cors {
    let cors = Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(REQUEST_HEADERS)
        .expose_headers(EXPOSED_HEADERS)
        .supports_credentials()
        .max_age(MAX_AGE);
    settings
        .cors_origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}
