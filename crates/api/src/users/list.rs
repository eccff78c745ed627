//! List of users.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use uuid::Uuid;
use vestibule_domain::{
    Id, ListUsers, RoleName, SearchPrefix, Status, UserFilter, UserOrder, UserPosition, permission::UsersRead, users,
};
use vestibule_schema::{FieldCode, FieldError, ListUsersQuery, UserRowResponse};

use crate::{
    App,
    extract::{Auth, Query},
    openapi::Problems,
    page::{self, Scope},
    problem::ApiResult,
    validation::Fields,
};

/// List users
///
/// Sorted by `sort`, newest first by default; with `q`, sorted by the matched text. The `Link` header points to the
/// next page.
#[utoipa::path(
    tag = "users", operation_id = "listUsers", params(ListUsersQuery),
    responses(
        (status = 200, body = [UserRowResponse], description = "One page of users", headers(
            ("Link" = String, description = "The path of the next page, with `rel=\"next\"`; absent on the last page"),
            ("X-Total-Count" = u64, description = "The number of matching users; on the first page only"),
            ("X-Total-Count-Kind" = String, description = "`exact`; or `at_least` above 10,000, or above 1,000 with `q`, where the count may be a few seconds old")
        )),
        Problems<Auth<UsersRead>>
    )
)]
#[get("")]
pub(super) async fn list(
    app: Data<App>,
    auth: Auth<UsersRead>,
    query: Query<ListUsersQuery>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let query = query.0;
    let scope = scope(&query);
    let mut fields = Fields::default();
    let filter = filter(&mut fields, &query);
    let order = fields
        .parameter("q", search(query.q.as_deref()))
        .and_then(|prefix| match prefix {
            None => fields.parameter("sort", order(query.sort.as_deref())),
            Some(_) if query.sort.is_some() => fields.parameter("sort", Err(sort_with_search())),
            Some(prefix) => Some(UserOrder::Matching(prefix)),
        });
    let limit = fields.parameter("limit", page::limit(query.limit.as_deref()));
    let opened = query
        .cursor
        .as_deref()
        .map(|cursor| scope.open(app.mac_keys.as_ref(), cursor))
        .transpose();
    let after = fields.parameter("cursor", opened.map(|bytes| bytes.as_deref().and_then(decode_position)));
    let (((filter, order), limit), after) = fields.finish(filter.zip(order).zip(limit).zip(after))?;

    let query = ListUsers {
        filter,
        order,
        after,
        limit,
    };
    let found = users::list(&app, &auth.actor(), &query).await?;
    let rows: Vec<_> = found.rows.into_iter().map(UserRowResponse::from).collect();
    let next = found
        .next
        .map(|position| scope.seal(app.mac_keys.as_ref(), &encode_position(&position)));
    Ok(page::page(&request, &rows, found.total, next.as_deref()))
}

fn scope(query: &ListUsersQuery) -> Scope<'_> {
    let filters = [&query.q, &query.status, &query.role, &query.sort];
    let mut parts = vec!["users"];
    parts.extend(filters.map(|filter| filter.as_deref().unwrap_or_default()));
    Scope(parts)
}

fn filter(fields: &mut Fields, query: &ListUsersQuery) -> Option<UserFilter> {
    let status = fields.parameter("status", query.status.as_deref().map(status).transpose());
    let role = fields.parameter("role", query.role.as_deref().map(str::parse::<RoleName>).transpose());
    status.zip(role).map(|(status, role)| UserFilter { status, role })
}

fn status(name: &str) -> Result<Status, FieldError> {
    let status = Status::from_name(name);
    status.ok_or_else(|| FieldError::new(FieldCode::NotAllowedValue, "must be active or disabled"))
}

fn search(text: Option<&str>) -> Result<Option<SearchPrefix>, FieldError> {
    Ok(text.map(SearchPrefix::parse).transpose()?.flatten())
}

fn order(name: Option<&str>) -> Result<UserOrder, FieldError> {
    match name {
        None | Some("-created_at") => Ok(UserOrder::NewestFirst),
        Some("created_at") => Ok(UserOrder::OldestFirst),
        Some("email") => Ok(UserOrder::Email),
        Some("-email") => Ok(UserOrder::EmailDescending),
        Some(_) => {
            let detail = "must be created_at, -created_at, email or -email";
            Err(FieldError::new(FieldCode::NotAllowedValue, detail))
        }
    }
}

fn sort_with_search() -> FieldError {
    FieldError::new(
        FieldCode::NotAllowedValue,
        "cannot be combined with q, which sorts by the matched text",
    )
}

/// Encodes a position for a cursor: the identifier, then the key.
fn encode_position(position: &UserPosition) -> Vec<u8> {
    [position.id.as_uuid().as_bytes(), position.key.as_bytes()].concat()
}

/// Decodes the output of [`encode_position`]. The digest of the cursor has been verified.
fn decode_position(bytes: &[u8]) -> Option<UserPosition> {
    let (id, key) = bytes.split_first_chunk::<16>()?;
    let key = String::from_utf8(key.to_vec()).ok()?;
    Some(UserPosition {
        key,
        id: Id::from_uuid(Uuid::from_bytes(*id)),
    })
}
