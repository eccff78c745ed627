//! Handlers that create, read, update and delete users, and replace their roles.

use actix_web::{HttpResponse, delete, get, patch, post, put, web::Data};
use vestibule_domain::{
    DeleteAccountError, StepUpRequired, User,
    permission::{RolesAssign, UsersDelete, UsersRead, UsersWrite},
    users,
};
use vestibule_schema::{AssignRolesRequest, CreateUserRequest, UpdateUserRequest, UserResponse, WithNewPassword};

use crate::{
    App,
    extract::{Auth, DenyQuery, Idempotent, IfMatch, Json, MaybeAuth, OrSelf, PathId},
    idempotency::{self, Created, Creation},
    new_password::new_password,
    problem::{ApiResult, Problems},
    response,
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
        Problems<(MaybeAuth, users::CreateError)>
    )
)]
#[post("")]
pub(super) async fn create(
    app: Data<App>,
    auth: MaybeAuth,
    _: DenyQuery,
    request: Idempotent<WithNewPassword<CreateUserRequest>>,
) -> ApiResult<HttpResponse> {
    let Idempotent { body, key } = request;
    let password = match body.password() {
        None if auth.can_create_users() => Ok(None),
        text => new_password(&app, text, body.email()).map(Some),
    };
    let (body, password) = body.with_password(password)?;
    let new = body.into_new_user(password);
    let is_sign_up = new.roles.is_none() && new.password.is_some();
    let caller = auth.user_id();
    let actor = auth.actor(is_sign_up, app.policy.sign_up)?;
    let pending = match idempotency::start(&app, "POST /api/users", caller, &key).await? {
        Creation::Started(pending) => pending,
        Creation::Replayed(response) => return Ok(response),
    };
    let created = users::create(&app, &actor, new, pending.as_ref()).await;
    idempotency::respond(&app, pending, created).await
}

impl From<&User> for Created {
    fn from(user: &User) -> Self {
        let location = format!("/api/users/{}", user.id);
        Self::new(location, user.version, UserResponse::from(user.clone()))
    }
}

/// Get a user
///
/// Requires `users:read`, except for yourself.
#[utoipa::path(
    tag = "users", operation_id = "getUser",
    params(("user_id" = Uuid, Path, description = "The identifier of the user")),
    responses(
        (status = 200, body = UserResponse, description = "The user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        Problems<Auth<OrSelf<UsersRead>>>
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
/// Requires every permission that the user has, and a recent proof of identity to change the email address of your own
/// account. Disabling a user revokes their sessions.
#[utoipa::path(
    tag = "users", operation_id = "updateUser",
    params(
        ("user_id" = Uuid, Path, description = "The identifier of the user"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the user; a different version returns 412")
    ),
    responses(
        (status = 200, body = UserResponse, description = "The updated user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        Problems<(Auth<UsersWrite>, StepUpRequired, users::UpdateError)>
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
    let user = users::update(&app, &auth.actor(), id.0, body.0.into(), if_match.0).await?;
    Ok(response::tagged(user.version, UserResponse::from(user)))
}

/// Delete a user permanently
///
/// Requires every permission that the user has, and for your own account a recent proof of identity.
#[utoipa::path(
    tag = "users", operation_id = "deleteUser",
    params(
        ("user_id" = Uuid, Path, description = "The identifier of the user"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the user; a different version returns 412")
    ),
    responses(
        (status = 204, description = "The user is deleted"),
        Problems<(Auth<UsersDelete>, StepUpRequired, DeleteAccountError)>
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
    tag = "users", operation_id = "replaceUserRoles",
    params(
        ("user_id" = Uuid, Path, description = "The identifier of the user"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the user; a different version returns 412")
    ),
    responses(
        (status = 200, body = UserResponse, description = "The updated user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        Problems<(Auth<RolesAssign>, users::SetRolesError)>
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
    let user = users::set_roles(&app, &auth.actor(), id.0, &body.0.roles, if_match.0).await?;
    Ok(response::tagged(user.version, UserResponse::from(user)))
}
