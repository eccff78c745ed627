//! Handlers that create, read, update and delete users, and replace their roles.

use actix_web::{HttpResponse, delete, get, patch, post, put, web::Data};
use vestibule_domain::{
    DisplayName, EmailAddress, RoleName, Status, User, passwords,
    permission::{RolesAssign, UsersDelete, UsersRead, UsersWrite},
    users::{self, NewUser, UserChanges},
};
use vestibule_schema::{AssignRolesRequest, CreateUserRequest, FieldCode, FieldError, UpdateUserRequest, UserResponse};

use crate::{
    App,
    account::display_name,
    extract::{Auth, DenyQuery, Idempotent, IfMatch, Json, MaybeAuth, OrSelf, PathId},
    idempotency::{Created, create_or_replay},
    problem::ApiResult,
    response,
    validation::Fields,
};

/// Create a user
///
/// Anyone may sign up while sign-up is open. Setting `roles`, omitting `password` and creating a user while sign-up is
/// closed require `users:create`; `roles` also requires `roles:assign` and every permission of these roles. Sends
/// a link to verify the address or, without a password, to set one.
#[utoipa::path(
    tag = "users", operation_id = "createUser", security((), ("password" = []), ("bearer" = [])),
    request_body = CreateUserRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "A quoted string. Retrying with the same \
        key within 24 hours replays the original response. Ignored unless you are signed in")),
    responses(
        (status = 201, body = UserResponse, description = "The created user", headers(
            ("Location" = String, description = "The path of the user"),
            ("ETag" = String, description = "The version of the user")
        )),
        (status = 400, description = "malformed_json email_taken"),
        (status = 403, description = "forbidden sign_up_closed"),
        (status = 409, description = "idempotency_key_in_use"),
        (status = 422, description = "idempotency_key_reused"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("")]
pub(super) async fn create(
    app: Data<App>,
    auth: MaybeAuth,
    _: DenyQuery,
    request: Idempotent<CreateUserRequest>,
) -> ApiResult<HttpResponse> {
    let (caller_id, can_create_users) = (auth.user_id(), auth.can_create_users());
    let CreateUserRequest { password, roles, .. } = &request.body;
    let is_sign_up = roles.is_none() && (password.is_some() || !can_create_users);
    let actor = auth.actor(is_sign_up, app.policy.sign_up)?;
    let new = parse_new_user(&app, &request.body, can_create_users)?;
    let render = |user: &User| {
        let location = format!("/api/users/{}", user.id);
        Created::new(location, user.version, UserResponse::from(user.clone()))
    };
    create_or_replay(
        &app,
        "POST /api/users",
        (caller_id, &request.key),
        render,
        async |pending| users::create(&app, &actor, new, pending).await,
    )
    .await
}

/// Get a user
///
/// Requires `users:read`, except for yourself.
#[utoipa::path(
    tag = "users", operation_id = "getUser", security(("password" = []), ("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The identifier of the user")),
    responses(
        (status = 200, body = UserResponse, description = "The user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/{user_id}")]
pub(super) async fn get(
    app: Data<App>,
    auth: Auth<OrSelf<UsersRead>>,
    _: DenyQuery,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    let user = users::get(&app, &auth.actor(), id.0).await?;
    Ok(response::tagged(user.version, UserResponse::from(user)))
}

/// Update a user
///
/// Requires every permission that the user has. Disabling a user revokes their sessions.
#[utoipa::path(
    tag = "users", operation_id = "updateUser", security(("password" = []), ("bearer" = [])),
    params(
        ("user_id" = Uuid, Path, description = "The identifier of the user"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the user; a different version returns 412")
    ),
    responses(
        (status = 200, body = UserResponse, description = "The updated user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        (status = 400, description = "malformed_json email_taken"),
        (status = 404, description = "user_not_found"),
        (status = 409, description = "last_admin"),
        (status = 412, description = "stale")
    )
)]
#[patch("/{user_id}")]
pub(super) async fn update(
    app: Data<App>,
    auth: Auth<UsersWrite>,
    _: DenyQuery,
    id: PathId<User>,
    if_match: IfMatch,
    body: Json<UpdateUserRequest>,
) -> ApiResult<HttpResponse> {
    let user = users::update(&app, &auth.actor(), id.0, parse_changes(&body.0)?, if_match.0).await?;
    Ok(response::tagged(user.version, UserResponse::from(user)))
}

/// Delete a user permanently
///
/// Requires every permission that the user has.
#[utoipa::path(
    tag = "users", operation_id = "deleteUser", security(("password" = []), ("bearer" = [])),
    params(
        ("user_id" = Uuid, Path, description = "The identifier of the user"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the user; a different version returns 412")
    ),
    responses(
        (status = 204, description = "The user is deleted"),
        (status = 404, description = "user_not_found"),
        (status = 409, description = "last_admin"),
        (status = 412, description = "stale")
    )
)]
#[delete("/{user_id}")]
pub(super) async fn delete(
    app: Data<App>,
    auth: Auth<UsersDelete>,
    _: DenyQuery,
    id: PathId<User>,
    if_match: IfMatch,
) -> ApiResult<HttpResponse> {
    users::delete(&app, &auth.actor(), id.0, if_match.0).await?;
    Ok(response::no_content())
}

/// Replace the roles of a user
///
/// Requires every permission that the user has, and every permission of the assigned and removed roles.
#[utoipa::path(
    tag = "users", operation_id = "replaceUserRoles", security(("password" = []), ("bearer" = [])),
    params(
        ("user_id" = Uuid, Path, description = "The identifier of the user"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the user; a different version returns 412")
    ),
    responses(
        (status = 200, body = UserResponse, description = "The updated user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        (status = 404, description = "user_not_found"),
        (status = 409, description = "last_admin"),
        (status = 412, description = "stale")
    )
)]
#[put("/{user_id}/roles")]
pub(super) async fn set_roles(
    app: Data<App>,
    auth: Auth<RolesAssign>,
    _: DenyQuery,
    id: PathId<User>,
    if_match: IfMatch,
    body: Json<AssignRolesRequest>,
) -> ApiResult<HttpResponse> {
    let mut fields = Fields::default();
    let names = fields.each("/roles", &body.0.roles, str::parse::<RoleName>);
    let names = fields.finish(names)?;
    let user = users::set_roles(&app, &auth.actor(), id.0, &names, if_match.0).await?;
    Ok(response::tagged(user.version, UserResponse::from(user)))
}

/// Parses a new user. A caller with `users:create` may omit the password; the new user then sets it by a link.
fn parse_new_user(app: &App, body: &CreateUserRequest, can_create_users: bool) -> ApiResult<NewUser> {
    let mut fields = Fields::default();
    let email = fields.pointer("/email", EmailAddress::parse(&body.email));
    let password = match &body.password {
        Some(text) => passwords::validate_new_password(app, text, email.as_ref())
            .map(Some)
            .map_err(FieldError::from),
        None if can_create_users => Ok(None),
        None => Err(FieldError::new(FieldCode::Required, "is required")),
    };
    let password = fields.pointer("/password", password);
    let display_name = fields.pointer(
        "/display_name",
        body.display_name.as_deref().map(DisplayName::parse).transpose(),
    );
    let roles = match &body.roles {
        Some(names) => fields.each("/roles", names, str::parse::<RoleName>).map(Some),
        None => Some(None),
    };
    let (((email, password), display_name), roles) = fields.finish(email.zip(password).zip(display_name).zip(roles))?;
    Ok(NewUser {
        email,
        password,
        display_name,
        roles,
        email_verified: false,
    })
}

fn parse_changes(body: &UpdateUserRequest) -> ApiResult<UserChanges> {
    let mut fields = Fields::default();
    let display_name = display_name(&mut fields, body.display_name.as_ref());
    let email = fields.pointer("/email", body.email.as_deref().map(EmailAddress::parse).transpose());
    let (display_name, email) = fields.finish(display_name.zip(email))?;
    Ok(UserChanges {
        display_name,
        status: body.status.map(Status::from),
        email,
        email_verified: body.email_verified,
    })
}
