//! List of users.

use actix_web::{HttpResponse, get, web::Data};
use vestibule_domain::{permission::UsersRead, users};
use vestibule_schema::{ListUsersQuery, PageQuery, UserRowResponse};

use crate::{
    App,
    extract::{Auth, List},
    problem::{ApiResult, Problems},
};

/// List users
///
/// Sorted by `sort`, newest first by default; with `q`, sorted by the matched text. The `Link` header points to the
/// next page.
#[utoipa::path(
    tag = "users", operation_id = "listUsers", params(ListUsersQuery, PageQuery),
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
    query: List<ListUsersQuery>,
) -> ApiResult<HttpResponse> {
    let found = users::list(&app, &auth.actor(), &query.request).await?;
    Ok(query.page(found, UserRowResponse::from))
}
