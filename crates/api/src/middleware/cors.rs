//! Cross-origin requests (CORS).

use actix_cors::Cors;
use actix_web::{
    http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap, HeaderValue},
    web::Data,
};

use crate::HttpSettings;

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

const EXPOSED_HEADERS: HeaderValue =
    HeaderValue::from_static("X-Request-Id, Retry-After, Link, Location, ETag, X-Total-Count, X-Total-Count-Kind");

/// The time for which browsers may cache a preflight response, in seconds.
const MAX_AGE: usize = 600;

/// Creates the CORS middleware, which allows the origins of the settings, with credentials. It allows any request header,
/// because tracing libraries add some of their own.
pub(crate) fn cors(settings: &Data<HttpSettings>) -> Cors {
    let settings = Data::clone(settings);
    Cors::default()
        .allowed_methods(METHODS)
        .allow_any_header()
        .supports_credentials()
        .max_age(MAX_AGE)
        .allowed_origin_fn(move |origin, _| origin.to_str().is_ok_and(|origin| settings.allows_origin(origin)))
}

/// Sets the headers that pages of allowed origins may read. actix-cors would list them in a different order on each
/// worker, which would make otherwise identical responses distinguishable.
pub(super) fn expose_headers(headers: &mut HeaderMap) {
    if headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
}
