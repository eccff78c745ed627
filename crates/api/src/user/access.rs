//! The handler that explains what somebody may do.

use actix_web::{HttpResponse, get, web::Data};
use vestibule_domain::{Permission, User, users};
use vestibule_schema::{AccessQuery, AccessResponse};

use crate::{
    App, answer,
    extract::{All, Auth, OrSelf, PathId, Query, RolesRead, UsersRead},
    fields::Fields,
    problem::ApiResult,
};

/// Explain what a user may do
///
/// Tells which roles give the user a permission, and what keeps the user from signing in now. Needs
/// `users:read` and `roles:read`, save for oneself.
#[utoipa::path(
    tag = "users", operation_id = "getUserAccess", security(("password" = []), ("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The user"), AccessQuery),
    responses(
        (status = 200, body = AccessResponse, description = "What the user may do"),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/{user_id}/access")]
pub(super) async fn explain(
    app: Data<App>,
    caller: Auth<OrSelf<All<(UsersRead, RolesRead)>>>,
    id: PathId<User>,
    query: Query<AccessQuery>,
) -> ApiResult<HttpResponse> {
    let mut fields = Fields::default();
    let permission = query.0.permission.as_deref().map(str::parse::<Permission>).transpose();
    let permission = fields.parameter("permission", permission);
    let permission = fields.finish(permission)?;
    let access = users::explain_access(&app, &caller.actor(), id.0, permission.as_ref()).await?;
    Ok(answer::ok(AccessResponse::new(permission.as_ref(), access)))
}
