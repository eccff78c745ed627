//! Roles and permissions: list, create, read, update and delete.

use actix_web::{HttpResponse, delete, get, patch, post, web::Data};
use vestibule_domain::{
    Role,
    permission::{RolesRead, RolesWrite},
    roles,
};
use vestibule_schema::{
    CreateRoleRequest, ListRolesQuery, PageQuery, PermissionResponse, RoleResponse, RoleRowResponse, UpdateRoleRequest,
};

use crate::{
    App,
    extract::{Auth, DenyQuery, Idempotent, IfMatch, Json, List, PathId},
    idempotency::{self, Created, Creation},
    problem::{ApiResult, Problems},
    response,
};

/// List roles
///
/// Sorted by name. The `Link` header points to the next page.
#[utoipa::path(
    tag = "roles", operation_id = "listRoles", params(PageQuery),
    responses(
        (status = 200, body = [RoleRowResponse], description = "One page of roles", headers(
            ("Link" = String, description = "The path of the next page, with `rel=\"next\"`; absent on the last page"),
            ("X-Total-Count" = u64, description = "The number of roles; on the first page only"),
            ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` above 10,000")
        )),
        Problems<Auth<RolesRead>>
    )
)]
#[get("")]
pub(super) async fn list(
    app: Data<App>,
    auth: Auth<RolesRead>,
    query: List<ListRolesQuery>,
) -> ApiResult<HttpResponse> {
    let found = roles::list(&app, &auth.actor(), &query.request).await?;
    Ok(query.page(found, RoleRowResponse::from))
}

/// Create a role
///
/// Requires every permission of the new role.
#[utoipa::path(
    tag = "roles", operation_id = "createRole",
    request_body = CreateRoleRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "A quoted string. Retrying with the same key \
        within 24 hours replays the original response")),
    responses(
        (status = 201, body = RoleResponse, description = "The role", headers(
            ("Location" = String, description = "The path of the role"),
            ("ETag" = String, description = "The version of the role")
        )),
        Problems<(Auth<RolesWrite>, roles::CreateError)>
    )
)]
#[post("")]
pub(super) async fn create(
    app: Data<App>,
    auth: Auth<RolesWrite>,
    _: DenyQuery,
    request: Idempotent<CreateRoleRequest>,
) -> ApiResult<HttpResponse> {
    let Idempotent { body, key } = request;
    let pending = match idempotency::start(&app, "POST /api/roles", Some(auth.user.id), &key).await? {
        Creation::Started(pending) => pending,
        Creation::Replayed(response) => return Ok(response),
    };
    let created = roles::create(&app, &auth.actor(), body.into(), pending.as_ref()).await;
    idempotency::respond(&app, pending, created).await
}

impl From<&Role> for Created {
    fn from(role: &Role) -> Self {
        let location = format!("/api/roles/{}", role.id);
        Self::new(location, role.version, RoleResponse::from(role.clone()))
    }
}

/// Get a role
#[utoipa::path(
    tag = "roles", operation_id = "getRole",
    params(("role_id" = Uuid, Path, description = "The identifier of the role")),
    responses(
        (status = 200, body = RoleResponse, description = "The role", headers(
            ("ETag" = String, description = "The version of the role")
        )),
        Problems<Auth<RolesRead>>
    )
)]
#[get("/{role_id}")]
pub(super) async fn get(
    app: Data<App>,
    auth: Auth<RolesRead>,
    _: DenyQuery,
    id: PathId<Role>,
) -> ApiResult<HttpResponse> {
    let role = roles::get(&app, &auth.actor(), id.0).await?;
    Ok(response::tagged(role.version, RoleResponse::from(role)))
}

/// Update a role
///
/// Requires every permission that the role has before and after the change. `admin` cannot be changed, and `member`
/// cannot be renamed.
#[utoipa::path(
    tag = "roles", operation_id = "updateRole",
    params(
        ("role_id" = Uuid, Path, description = "The identifier of the role"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the role; a different version returns 412")
    ),
    responses(
        (status = 200, body = RoleResponse, description = "The updated role", headers(
            ("ETag" = String, description = "The version of the role")
        )),
        Problems<(Auth<RolesWrite>, roles::UpdateError)>
    )
)]
#[patch("/{role_id}")]
pub(super) async fn update(
    app: Data<App>,
    auth: Auth<RolesWrite>,
    _: DenyQuery,
    id: PathId<Role>,
    if_match: IfMatch,
    body: Json<UpdateRoleRequest>,
) -> ApiResult<HttpResponse> {
    let role = roles::update(&app, &auth.actor(), id.0, body.0.into(), if_match.0).await?;
    Ok(response::tagged(role.version, RoleResponse::from(role)))
}

/// Delete a role
///
/// Removes the role from its users. Requires every permission of the role.
#[utoipa::path(
    tag = "roles", operation_id = "deleteRole",
    params(
        ("role_id" = Uuid, Path, description = "The identifier of the role"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the role; a different version returns 412")
    ),
    responses(
        (status = 204, description = "The role is deleted"),
        Problems<(Auth<RolesWrite>, roles::DeleteError)>
    )
)]
#[delete("/{role_id}")]
pub(super) async fn delete(
    app: Data<App>,
    auth: Auth<RolesWrite>,
    _: DenyQuery,
    id: PathId<Role>,
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    roles::delete(&app, &auth.actor(), id.0, if_match.0).await?;
    Ok(response::no_content())
}

/// List permissions
///
/// Returns the built-in permissions, and those of other applications that a role contains.
#[utoipa::path(
    tag = "roles", operation_id = "listPermissions",
    responses(
        (status = 200, body = [PermissionResponse], description = "All permissions, sorted by name"),
        Problems<Auth<RolesRead>>
    )
)]
#[get("")]
pub(super) async fn list_permissions(app: Data<App>, auth: Auth<RolesRead>, _: DenyQuery) -> ApiResult<HttpResponse> {
    let found = roles::list_permissions(&app, &auth.actor()).await?;
    let rows: Vec<_> = found
        .iter()
        .map(|(name, description)| PermissionResponse::new(name, *description))
        .collect();
    Ok(response::ok(rows))
}
