//! Request bodies with limits on size and time.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    rt::time::timeout,
    web::{self, Bytes},
};
use vestibule_schema::Code;

use crate::problem::{ApiError, ApiResult};

/// The maximum size of a body, in bytes; 64 KiB by default.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit(pub(crate) usize);

impl Default for BodyLimit {
    fn default() -> Self {
        Self(64 * 1024)
    }
}

/// The names of UTF-8 that clients send as charset: that of the standard (RFC 8259), and a common misspelling.
const UTF_8: [&str; 2] = ["utf-8", "utf8"];

/// The time a client has to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

pub(super) type LocalFuture<T> = Pin<Box<dyn Future<Output = ApiResult<T>>>>;

/// Reads a body that has to be of the given media type.
pub(super) fn read(request: &HttpRequest, payload: &mut Payload, media_type: &'static str) -> LocalFuture<Bytes> {
    let checked = check_head(request, media_type);
    let limit = request.app_data::<BodyLimit>().copied().unwrap_or_default();
    let payload = web::Payload::from_request(request, payload).into_inner();
    Box::pin(async move {
        checked?;
        let payload = payload.map_err(|error| ApiError::internal(&error))?;
        let read = timeout(BODY_TIMEOUT, payload.to_bytes_limited(limit.0)).await;
        match read {
            Ok(Ok(Ok(bytes))) => Ok(bytes),
            Ok(Ok(Err(_))) => Err(ApiError::new(Code::MalformedJson).with_detail("The request body is incomplete")),
            Ok(Err(_)) => Err(too_large(limit)),
            Err(_) => Err(ApiError::new(Code::RequestTimeout)),
        }
    })
}

/// Returns whether the request has no body.
pub(super) fn is_empty(request: &HttpRequest) -> bool {
    let length = request
        .headers()
        .get(CONTENT_LENGTH)
        .map(|length| length.as_bytes() == b"0");
    length.unwrap_or_else(|| !request.headers().contains_key("transfer-encoding"))
}

fn check_head(request: &HttpRequest, media_type: &'static str) -> ApiResult<()> {
    let headers = request.headers();
    let is_unencoded = headers
        .get(CONTENT_ENCODING)
        .is_none_or(|encoding| encoding == "identity");
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !is_unencoded || !is_media_type(content_type, media_type) {
        // Without a body and a type, the missing body is the more helpful error.
        if is_empty(request) && content_type.is_empty() {
            return Err(ApiError::new(Code::MalformedJson).with_detail("A request body is required"));
        }
        return Err(ApiError::new(Code::UnsupportedMediaType).with_detail(format!(
            "The request body must be {media_type} in UTF-8, without Content-Encoding"
        )));
    }
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let limit = request.app_data::<BodyLimit>().copied().unwrap_or_default();
    if length.is_some_and(|length| length > limit.0) {
        return Err(too_large(limit));
    }
    Ok(())
}

/// Returns whether a `Content-Type` is of this media type, and of charset UTF-8 if it names a charset.
fn is_media_type(content_type: &str, media_type: &str) -> bool {
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let charset = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    });
    essence.trim().eq_ignore_ascii_case(media_type)
        && charset.is_none_or(|charset| UTF_8.iter().any(|name| charset.eq_ignore_ascii_case(name)))
}

fn too_large(limit: BodyLimit) -> ApiError {
    ApiError::new(Code::PayloadTooLarge).with_detail(format!("The request body must not exceed {} bytes", limit.0))
}

/// The name-value pairs of an HTML form, in order; empty without a body.
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl FromRequest for Form {
    type Error = ApiError;
    type Future = LocalFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if is_empty(request) {
            return Box::pin(async { Ok(Self(Vec::new())) });
        }
        let bytes = read(request, payload, "application/x-www-form-urlencoded");
        Box::pin(async move { Ok(Self(form_urlencoded::parse(&bytes.await?).into_owned().collect())) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_type_accepts_only_utf_8_charset() {
        for accepted in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json; charset=utf8",
        ] {
            assert!(is_media_type(accepted, "application/json"), "{accepted}");
        }
        for rejected in [
            "",
            "text/plain",
            "application/jsonp",
            "application/json; charset=latin1",
        ] {
            assert!(!is_media_type(rejected, "application/json"), "{rejected}");
        }
    }
}
