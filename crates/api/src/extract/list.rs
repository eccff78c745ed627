//! Lists, one page at a time.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{HeaderName, LINK},
    web::Data,
};
use serde::Serialize;
use vestibule_domain::{Limit, ListRequest, Page, Total};
use vestibule_schema::{Code, FieldCode, FieldError, ListQuery};

use super::{auth::CurrentUserId, query};
use crate::{
    App,
    cursor::{CursorPosition, Scope},
    problem::{ApiError, ApiResult},
};

const LIMIT: &str = "limit";
const CURSOR: &str = "cursor";
const ME: &str = "/api/users/me/";
const TOTAL: HeaderName = HeaderName::from_static("x-total-count");
const TOTAL_KIND: HeaderName = HeaderName::from_static("x-total-count-kind");

/// A request for one page of a list with the filters `Q`. A cursor is valid only for the same path and filters.
pub(crate) struct List<Q: ListQuery> {
    /// The request to the use case.
    pub(crate) request: ListRequest<Q::Filter, Q::Order, Q::Position>,
    app: Data<App>,
    http: HttpRequest,
    scope: Scope,
}

impl<Q> FromRequest for List<Q>
where
    Q: ListQuery,
    Q::Position: CursorPosition,
{
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::parse(request))
    }
}

impl<Q> List<Q>
where
    Q: ListQuery,
    Q::Position: CursorPosition,
{
    fn parse(http: &HttpRequest) -> ApiResult<Self> {
        let app = http
            .app_data::<Data<App>>()
            .ok_or_else(|| ApiError::new(Code::Internal))?;
        let mut parameters = query::parameters(http);
        let filters = parameters.iter().filter(|(name, _)| ![LIMIT, CURSOR].contains(name));
        let scope = Scope::new(list_path(http), filters);
        let limit = parameters.take(LIMIT, parse_limit);
        let after = parameters.take(CURSOR, |cursor| scope.open(app.mac_keys.as_ref(), cursor));
        let filters: Q = query::finish(parameters)?;
        let (filter, order) = filters.into_criteria();
        Ok(Self {
            request: ListRequest {
                filter,
                order,
                after,
                limit: limit.unwrap_or_default(),
            },
            app: app.clone(),
            http: http.clone(),
            scope,
        })
    }

    /// Returns 200 with the rows of a page as an array, and headers with the total and the next page.
    pub(crate) fn page<T, R: Serialize>(
        &self,
        page: Page<T, Q::Position>,
        to_response: impl FnMut(T) -> R,
    ) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if let Some(total) = page.total {
            let (count, kind) = match total {
                Total::Exact(count) => (count, "exact"),
                Total::AtLeast(count) => (count, "at_least"),
            };
            response.insert_header((TOTAL, count)).insert_header((TOTAL_KIND, kind));
        }
        if let Some(next) = page.next {
            let cursor = self.scope.seal(self.app.mac_keys.as_ref(), &next);
            response.insert_header((LINK, link(&self.http, &cursor)));
        }
        let rows: Vec<R> = page.rows.into_iter().map(to_response).collect();
        response.json(rows)
    }
}

/// Returns the path of a list, with the identifier of the current user instead of `me`: both lead to the same list.
fn list_path(http: &HttpRequest) -> String {
    let path = http.path();
    match (path.strip_prefix(ME), http.extensions().get()) {
        (Some(rest), Some(CurrentUserId(id))) => format!("/api/users/{id}/{rest}"),
        _ => path.to_owned(),
    }
}

/// Parses the maximum number of rows of a page.
fn parse_limit(text: &str) -> Result<Limit, FieldError> {
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    if !is_number {
        return Err(FieldError::new(FieldCode::InvalidType, "must be a whole number"));
    }
    let limit = text.parse().ok().and_then(Limit::new);
    limit.ok_or_else(|| FieldError::new(FieldCode::OutOfRange, format!("must be between 1 and {}", Limit::MAX)))
}

/// Returns a `Link` to the same request with a different cursor (RFC 8288).
fn link(request: &HttpRequest, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let parameters = form_urlencoded::parse(request.query_string().as_bytes());
    query
        .extend_pairs(parameters.filter(|(name, _)| name != CURSOR))
        .append_pair(CURSOR, cursor);
    format!("<{}?{}>; rel=\"next\"", request.path(), query.finish())
}
