//! Query parameters.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use deserr::Deserr;
use vestibule_schema::{QueryParameters, RequestErrors};

use crate::problem::{ApiError, ApiResult};

/// The query parameters. Unknown, repeated and empty ones are rejected.
pub(crate) struct Query<T>(pub(crate) T);

/// A guard that rejects requests with query parameters.
pub(crate) struct DenyQuery;

/// A query without parameters.
#[derive(Deserr)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
struct NoParameters {}

impl<T: Deserr<RequestErrors>> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request).map(Self))
    }
}

impl FromRequest for DenyQuery {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request).map(|NoParameters {}| Self))
    }
}

/// Returns the query parameters of a request.
pub(super) fn parameters(request: &HttpRequest) -> QueryParameters {
    QueryParameters::new(form_urlencoded::parse(request.query_string().as_bytes()))
}

/// Deserializes query parameters, or reports all their errors.
pub(super) fn finish<T: Deserr<RequestErrors>>(parameters: QueryParameters) -> ApiResult<T> {
    parameters
        .finish()
        .map_err(|errors| ApiError::invalid(errors.in_query()))
}

fn parse<T: Deserr<RequestErrors>>(request: &HttpRequest) -> ApiResult<T> {
    finish(parameters(request))
}
