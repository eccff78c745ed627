//! The list of users.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use uuid::Uuid;
use vestibule_domain::{Id, ListUsers, RoleName, SearchPrefix, Status, UserFilter, UserOrder, UserPosition, users};
use vestibule_schema::{FieldCode, ListUsersQuery, Refusal, UserRowResponse};

use crate::{
    App,
    extract::{Auth, Query, UsersRead},
    fields::Fields,
    page::{self, Scope},
    problem::ApiResult,
};

/// List users
///
/// The newest first, or in the order of `sort`, or, with `q`, by what matched. The `Link` header leads
/// to the next page.
#[utoipa::path(
    tag = "users", operation_id = "listUsers", params(ListUsersQuery), security(("password" = []), ("bearer" = [])),
    responses((status = 200, body = [UserRowResponse], description = "One page", headers(
        ("Link" = String, description = "The next page, `rel=\"next\"`; none on the last"),
        ("X-Total-Count" = u64, description = "How many users the list has, on the first page"),
        ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` beyond 10,000, or 1,000 with `q`; the latter may be some seconds old")
    )))
)]
#[get("")]
pub(super) async fn list(
    app: Data<App>,
    caller: Auth<UsersRead>,
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
            Some(_) if query.sort.is_some() => fields.parameter("sort", Err(not_with_search())),
            Some(prefix) => Some(UserOrder::Matching(prefix)),
        });
    let limit = fields.parameter("limit", page::limit(query.limit.as_deref()));
    let opened = query
        .cursor
        .as_deref()
        .map(|cursor| scope.open(app.mac_keys.as_ref(), cursor))
        .transpose();
    let after = fields.parameter("cursor", opened.map(|bytes| bytes.as_deref().and_then(read_position)));
    let (((filter, order), limit), after) = fields.finish(filter.zip(order).zip(limit).zip(after))?;

    let wanted = ListUsers {
        filter,
        order,
        after,
        limit,
    };
    let found = users::list(&app, &caller.actor(), &wanted).await?;
    let rows: Vec<_> = found.rows.into_iter().map(UserRowResponse::from).collect();
    let next = found
        .next
        .map(|position| scope.seal(app.mac_keys.as_ref(), &write_position(&position)));
    Ok(page::page(&request, &rows, found.total, next.as_deref()))
}

fn scope(query: &ListUsersQuery) -> Scope<'_> {
    let parts = [&query.q, &query.status, &query.role, &query.sort];
    let mut all = vec!["users"];
    all.extend(parts.map(|part| part.as_deref().unwrap_or_default()));
    Scope(all)
}

fn filter(fields: &mut Fields, query: &ListUsersQuery) -> Option<UserFilter> {
    let status = fields.parameter("status", query.status.as_deref().map(status).transpose());
    let role = fields.parameter("role", query.role.as_deref().map(str::parse::<RoleName>).transpose());
    status.zip(role).map(|(status, role)| UserFilter { status, role })
}

fn status(name: &str) -> Result<Status, Refusal> {
    let known = Status::from_name(name);
    known.ok_or_else(|| Refusal::new(FieldCode::NotAllowedValue, "must be active or disabled"))
}

fn search(text: Option<&str>) -> Result<Option<SearchPrefix>, Refusal> {
    Ok(text.map(SearchPrefix::parse).transpose()?.flatten())
}

fn order(name: Option<&str>) -> Result<UserOrder, Refusal> {
    match name {
        None | Some("-created_at") => Ok(UserOrder::NewestFirst),
        Some("created_at") => Ok(UserOrder::OldestFirst),
        Some("email") => Ok(UserOrder::Email),
        Some("-email") => Ok(UserOrder::EmailDescending),
        Some(_) => {
            let detail = "must be created_at, -created_at, email or -email";
            Err(Refusal::new(FieldCode::NotAllowedValue, detail))
        }
    }
}

fn not_with_search() -> Refusal {
    Refusal::new(
        FieldCode::NotAllowedValue,
        "does not go with q, which orders by what matched",
    )
}

/// A position in a cursor: the identifier, then the key.
fn write_position(position: &UserPosition) -> Vec<u8> {
    [position.id.as_uuid().as_bytes(), position.key.as_bytes()].concat()
}

/// Reads what [`write_position`] wrote. The digest has shown that it did.
fn read_position(bytes: &[u8]) -> Option<UserPosition> {
    let (id, key) = bytes.split_first_chunk::<16>()?;
    let key = String::from_utf8(key.to_vec()).ok()?;
    Some(UserPosition {
        key,
        id: Id::from_uuid(Uuid::from_bytes(*id)),
    })
}
