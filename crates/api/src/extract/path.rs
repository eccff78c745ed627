//! Identifiers in the path.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use vestibule_domain::Id;
use vestibule_schema::FieldLocation;

use crate::problem::{ApiError, ApiResult};

/// The last identifier in the path.
pub(crate) struct PathId<T>(pub(crate) Id<T>);

impl<T> FromRequest for PathId<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (name, text) = last(request);
        let id = text.parse().map(Self);
        ready(id.map_err(|error: vestibule_domain::ParseIdError| {
            ApiError::field(FieldLocation::Parameter(name.to_owned()), error.into())
        }))
    }
}

/// Returns the name and the value of the last parameter of the path.
pub(super) fn last(request: &HttpRequest) -> (&str, &str) {
    request.match_info().iter().last().unwrap_or_default()
}
