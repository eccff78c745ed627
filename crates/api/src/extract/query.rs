//! Strict parsing of query parameters.

use std::{
    collections::HashSet,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use vestibule_schema::{FieldCode, FieldError, FieldLocation};

use crate::problem::{ApiError, ApiResult};

/// The search parameter, the only one that may be empty.
const SEARCH: &str = "q";

/// The query parameters. Unknown, repeated and empty ones are rejected.
pub(crate) struct Query<T>(pub(crate) T);

/// A guard that rejects requests with query parameters.
pub(crate) struct DenyQuery;

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

impl FromRequest for DenyQuery {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let first = form_urlencoded::parse(request.query_string().as_bytes()).next();
        ready(match first {
            Some((name, _)) => Err(unknown_parameter(&name)),
            None => Ok(Self),
        })
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> ApiResult<T> {
    let mut seen = HashSet::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        // Bytes that are not UTF-8 arrive as U+FFFD.
        if value.contains(['\0', '\u{fffd}']) {
            return Err(invalid_parameter(
                &name,
                FieldCode::InvalidFormat,
                "must be UTF-8 without U+0000",
            ));
        }
        if value.is_empty() && name != SEARCH {
            return Err(invalid_parameter(&name, FieldCode::TooShort, "must not be empty"));
        }
        if !seen.insert(name.clone()) {
            return Err(invalid_parameter(
                &name,
                FieldCode::InvalidFormat,
                "duplicate parameter",
            ));
        }
    }
    serde_urlencoded::from_str(query).map_err(|error| {
        let message = error.to_string();
        unknown_parameter(quoted_after(&message, "unknown field ").unwrap_or_default())
    })
}

fn unknown_parameter(name: &str) -> ApiError {
    invalid_parameter(name, FieldCode::UnknownField, "is not a parameter of this request")
}

fn invalid_parameter(name: &str, code: FieldCode, detail: &str) -> ApiError {
    ApiError::field(FieldLocation::Parameter(name.to_owned()), FieldError::new(code, detail))
}

/// Returns the name in backticks that follows the given beginning of a message.
fn quoted_after<'a>(message: &'a str, beginning: &str) -> Option<&'a str> {
    message
        .strip_prefix(beginning)?
        .strip_prefix('`')?
        .split_once('`')
        .map(|(name, _)| name)
}
