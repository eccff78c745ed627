//! JSON bodies.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use vestibule_schema::{BodyError, Code, RequestBody, RequestErrors, parse_body};

use super::body::{LocalFuture, is_empty, read};
use crate::problem::{ApiError, ApiResult};

const MEDIA_TYPE: &str = "application/json";

/// The JSON object in the body of a request. Malformed JSON is rejected with 400, and an object that does not match `T`
/// with 422 and all errors.
pub(crate) struct Json<T>(pub(crate) T);

/// The JSON object in the body of a request, or `None` without a body.
pub(crate) struct OptionalJson<T>(pub(crate) Option<T>);

impl<T: RequestBody + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = bytes(request, payload);
        Box::pin(async move { parse(&bytes.await?).map(Self) })
    }
}

impl<T: RequestBody + 'static> FromRequest for OptionalJson<T> {
    type Error = ApiError;
    type Future = LocalFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if is_empty(request) {
            return Box::pin(async { Ok(Self(None)) });
        }
        let bytes = bytes(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            if bytes.is_empty() {
                Ok(Self(None))
            } else {
                parse(&bytes).map(|body| Self(Some(body)))
            }
        })
    }
}

/// Reads a body of the media type JSON.
pub(super) fn bytes(request: &HttpRequest, payload: &mut Payload) -> LocalFuture<Bytes> {
    read(request, payload, MEDIA_TYPE)
}

pub(super) fn parse<T: RequestBody>(bytes: &[u8]) -> ApiResult<T> {
    if bytes.is_empty() {
        return Err(ApiError::new(Code::MalformedJson).with_detail("A request body is required"));
    }
    Ok(parse_body(bytes)?)
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Malformed => Self::new(Code::MalformedJson),
            BodyError::Invalid(errors) => errors.into(),
        }
    }
}

/// Reports the errors of a body.
impl From<RequestErrors> for ApiError {
    fn from(errors: RequestErrors) -> Self {
        Self::invalid(errors.in_body())
    }
}
