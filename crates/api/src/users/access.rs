//! Explanation of a user's access.

use actix_web::{HttpResponse, get, web::Data};
use vestibule_domain::{
    User,
    permission::{RolesRead, UsersRead},
    users,
};
use vestibule_schema::{AccessQuery, AccessResponse};

use crate::{
    App,
    extract::{All, Auth, OrSelf, PathId, Query},
    problem::{ApiResult, Problems},
    response,
};

/// Explain a user's access
///
/// Returns the roles that grant the user a permission, and the reasons why the user cannot sign in now. Requires
/// `users:read` and `roles:read`, except for yourself.
#[utoipa::path(
    tag = "users", operation_id = "getUserAccess",
    params(("user_id" = Uuid, Path, description = "The identifier of the user"), AccessQuery),
    responses(
        (status = 200, body = AccessResponse, description = "The user's access"),
        Problems<Auth<OrSelf<All<(UsersRead, RolesRead)>>>>
    )
)]
#[get("/{user_id}/access")]
pub(super) async fn explain(
    app: Data<App>,
    auth: Auth<OrSelf<All<(UsersRead, RolesRead)>>>,
    id: PathId<User>,
    query: Query<AccessQuery>,
) -> ApiResult<HttpResponse> {
    let permission = query.0.permission;
    let access = users::explain_access(&app, &auth.actor(), id.0, permission.as_ref()).await?;
    Ok(response::ok(AccessResponse::new(permission.as_ref(), access)))
}
