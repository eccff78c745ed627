//! Handlers for roles and permissions.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web::Data};
use vestibule_domain::{
    Description, Patch, Permission, Permissions, Role, RoleName,
    roles::{self, NewRole, RoleChanges},
};
use vestibule_schema::{
    CreateRoleRequest, ListRolesQuery, PermissionResponse, RoleResponse, RoleRowResponse, UpdateRoleRequest,
};

use crate::{
    App, answer,
    extract::{Auth, DenyQuery, Expected, Idempotent, Json, PathId, Query, RolesRead, RolesWrite},
    fields::Fields,
    once::{Created, make_once},
    page::{self, Scope},
    problem::ApiResult,
};

/// List roles
///
/// By name. The `Link` header leads to the next page.
#[utoipa::path(
    tag = "roles", operation_id = "listRoles", params(ListRolesQuery), security(("password" = []), ("bearer" = [])),
    responses((status = 200, body = [RoleRowResponse], description = "One page", headers(
        ("Link" = String, description = "The next page, `rel=\"next\"`; none on the last"),
        ("X-Total-Count" = u64, description = "How many roles there are, on the first page"),
        ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` beyond 10,000")
    )))
)]
#[get("")]
pub(super) async fn list(
    app: Data<App>,
    caller: Auth<RolesRead>,
    query: Query<ListRolesQuery>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let scope = Scope(vec!["roles"]);
    let mut fields = Fields::default();
    let limit = fields.parameter("limit", page::limit(query.0.limit.as_deref()));
    let after = query
        .0
        .cursor
        .map(|cursor| scope.open(app.mac_keys.as_ref(), &cursor))
        .transpose();
    let after = fields.parameter("cursor", after);
    let (limit, after) = fields.finish(limit.zip(after))?;
    let after = after.map(|name| RoleName::new_unchecked(String::from_utf8_lossy(&name).into_owned()));

    let found = roles::list(&app, &caller.actor(), after.as_ref(), limit).await?;
    let rows: Vec<_> = found.rows.into_iter().map(RoleRowResponse::from).collect();
    let next = found
        .next
        .map(|name| scope.seal(app.mac_keys.as_ref(), name.as_str().as_bytes()));
    Ok(page::page(&request, &rows, found.total, next.as_deref()))
}

/// Create a role
///
/// It needs every permission that the role is to have.
#[utoipa::path(
    tag = "roles", operation_id = "createRole", security(("password" = []), ("bearer" = [])),
    request_body = CreateRoleRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "A quoted string: who sends the same request again with it \
        gets the same answer for 24 hours, and nothing is made twice")),
    responses(
        (status = 201, body = RoleResponse, description = "The role", headers(
            ("Location" = String, description = "The path of the role"),
            ("ETag" = String, description = "Its version")
        )),
        (status = 409, description = "role_name_taken idempotency_key_in_use"),
        (status = 422, description = "idempotency_key_reused")
    )
)]
#[post("")]
pub(super) async fn create(
    app: Data<App>,
    caller: Auth<RolesWrite>,
    _: DenyQuery,
    request: Idempotent<CreateRoleRequest>,
) -> ApiResult<HttpResponse> {
    let new = new_role(&request.body)?;
    let tell = |role: &Role| {
        let location = format!("/api/roles/{}", role.id);
        Created::new(location, role.version, RoleResponse::from(role.clone()))
    };
    make_once(
        &app,
        "POST /api/roles",
        (Some(caller.user.id), &request.key),
        tell,
        async |keep| roles::create(&app, &caller.actor(), new, keep).await,
    )
    .await
}

/// Get a role
#[utoipa::path(
    tag = "roles", operation_id = "getRole", security(("password" = []), ("bearer" = [])),
    params(("role_id" = Uuid, Path, description = "The role")),
    responses(
        (status = 200, body = RoleResponse, description = "The role", headers(
            ("ETag" = String, description = "Its version")
        )),
        (status = 404, description = "role_not_found")
    )
)]
#[get("/{role_id}")]
pub(super) async fn get(
    app: Data<App>,
    caller: Auth<RolesRead>,
    _: DenyQuery,
    id: PathId<Role>,
) -> ApiResult<HttpResponse> {
    let role = roles::get(&app, &caller.actor(), id.0).await?;
    Ok(answer::tagged(role.version, RoleResponse::from(role)))
}

/// Change a role
///
/// It needs every permission that the role has before and after. `admin` cannot be changed, and
/// `member` keeps its name.
#[utoipa::path(
    tag = "roles", operation_id = "updateRole", security(("password" = []), ("bearer" = [])),
    params(
        ("role_id" = Uuid, Path, description = "The role"),
        ("If-Match" = Option<String>, Header, description = "Change it only at this version")
    ),
    responses(
        (status = 200, body = RoleResponse, description = "The role as it is now", headers(
            ("ETag" = String, description = "Its version")
        )),
        (status = 404, description = "role_not_found"),
        (status = 409, description = "role_name_taken built_in_role"),
        (status = 412, description = "stale")
    )
)]
#[patch("/{role_id}")]
pub(super) async fn update(
    app: Data<App>,
    caller: Auth<RolesWrite>,
    _: DenyQuery,
    id: PathId<Role>,
    expected: Expected,
    body: Json<UpdateRoleRequest>,
) -> ApiResult<HttpResponse> {
    let role = roles::update(&app, &caller.actor(), id.0, changes(&body.0)?, expected.0).await?;
    Ok(answer::tagged(role.version, RoleResponse::from(role)))
}

/// Delete a role
///
/// It is taken from its users. It needs every permission that the role has.
#[utoipa::path(
    tag = "roles", operation_id = "deleteRole", security(("password" = []), ("bearer" = [])),
    params(
        ("role_id" = Uuid, Path, description = "The role"),
        ("If-Match" = Option<String>, Header, description = "Delete it only at this version")
    ),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "role_not_found"),
        (status = 409, description = "built_in_role"),
        (status = 412, description = "stale")
    )
)]
#[delete("/{role_id}")]
pub(super) async fn delete(
    app: Data<App>,
    caller: Auth<RolesWrite>,
    _: DenyQuery,
    id: PathId<Role>,
    expected: Expected,
) -> ApiResult<HttpResponse> {
    roles::delete(&app, &caller.actor(), id.0, expected.0).await?;
    Ok(answer::no_content())
}

/// List permissions
///
/// The built-in ones, and those of other applications that some role has.
#[utoipa::path(
    tag = "roles", operation_id = "listPermissions", security(("password" = []), ("bearer" = [])),
    responses((status = 200, body = [PermissionResponse], description = "All of them, by name"))
)]
#[get("")]
pub(super) async fn list_permissions(app: Data<App>, caller: Auth<RolesRead>, _: DenyQuery) -> ApiResult<HttpResponse> {
    let found = roles::list_permissions(&app, &caller.actor()).await?;
    let rows: Vec<_> = found
        .iter()
        .map(|(name, about)| PermissionResponse::new(name, *about))
        .collect();
    Ok(answer::ok(rows))
}

fn new_role(body: &CreateRoleRequest) -> ApiResult<NewRole> {
    let mut fields = Fields::default();
    let name = fields.pointer("/name", body.name.parse::<RoleName>());
    let description = fields.pointer(
        "/description",
        body.description.as_deref().map(Description::parse).transpose(),
    );
    let permissions = fields.each("/permissions", &body.permissions, str::parse::<Permission>);
    let ((name, description), permissions) = fields.finish(name.zip(description).zip(permissions))?;
    Ok(NewRole {
        name,
        description,
        permissions: Permissions::from_iter(permissions),
    })
}

fn changes(body: &UpdateRoleRequest) -> ApiResult<RoleChanges> {
    let mut fields = Fields::default();
    let name = fields.pointer("/name", body.name.as_deref().map(str::parse::<RoleName>).transpose());
    let description = Patch::from(body.description.as_ref().map(Option::as_deref));
    let description = fields.pointer("/description", description.try_map(Description::parse));
    let permissions = match &body.permissions {
        Some(names) => fields.each("/permissions", names, str::parse::<Permission>).map(Some),
        None => Some(None),
    };
    let ((name, description), permissions) = fields.finish(name.zip(description).zip(permissions))?;
    Ok(RoleChanges {
        name,
        description,
        permissions: permissions.map(Permissions::from_iter),
    })
}
