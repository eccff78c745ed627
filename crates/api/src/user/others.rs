//! Handlers for any user.

use actix_web::{HttpResponse, delete, get, patch, post, put, web::Data};
use vestibule_domain::{
    DisplayName, EmailAddress, RoleName, Status, User, passwords,
    users::{self, NewUser, UserChanges},
};
use vestibule_schema::{AssignRolesRequest, CreateUserRequest, FieldCode, Refusal, UpdateUserRequest, UserResponse};

use crate::{
    App, answer,
    extract::{
        Auth, DenyQuery, Expected, Idempotent, Json, MaybeAuth, OrSelf, PathId, RolesAssign, UsersDelete, UsersRead,
        UsersWrite,
    },
    fields::Fields,
    once::{Created, make_once},
    problem::ApiResult,
};

/// Create a user
///
/// Anyone may sign up while sign-up is open. To say which roles the user has, to leave out the password, or
/// to create one while sign-up is closed, needs `users:create`, and for `roles` also `roles:assign` and
/// every permission of these roles. A link is mailed: to verify the address, or, without a password, to
/// choose one.
#[utoipa::path(
    tag = "users", operation_id = "createUser", security((), ("password" = []), ("bearer" = [])),
    request_body = CreateUserRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "A quoted string: who is signed in and sends the same \
        request again with it gets the same answer for 24 hours, and nothing is made twice")),
    responses(
        (status = 201, body = UserResponse, description = "The user", headers(
            ("Location" = String, description = "The path of the user"),
            ("ETag" = String, description = "Its version")
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
    caller: MaybeAuth,
    _: DenyQuery,
    request: Idempotent<CreateUserRequest>,
) -> ApiResult<HttpResponse> {
    let (caller_id, for_others) = (caller.id(), caller.is_for_others());
    let CreateUserRequest { password, roles, .. } = &request.body;
    let is_plain = roles.is_none() && (password.is_some() || !for_others);
    let actor = caller.actor(is_plain, app.policy.sign_up)?;
    let new = new_user(&app, &request.body, for_others)?;
    let tell = |user: &User| {
        let location = format!("/api/users/{}", user.id);
        Created::new(location, user.version, UserResponse::from(user.clone()))
    };
    make_once(&app, "POST /api/users", (caller_id, &request.key), tell, async |keep| {
        users::create(&app, &actor, new, keep).await
    })
    .await
}

/// Get a user
///
/// Needs `users:read`, save for oneself.
#[utoipa::path(
    tag = "users", operation_id = "getUser", security(("password" = []), ("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The user")),
    responses(
        (status = 200, body = UserResponse, description = "The user", headers(
            ("ETag" = String, description = "Its version")
        )),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/{user_id}")]
pub(super) async fn get(
    app: Data<App>,
    caller: Auth<OrSelf<UsersRead>>,
    _: DenyQuery,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    let user = users::get(&app, &caller.actor(), id.0).await?;
    Ok(answer::tagged(user.version, UserResponse::from(user)))
}

/// Change a user
///
/// Needs every permission that the user has. Disabling ends the user's sessions.
#[utoipa::path(
    tag = "users", operation_id = "updateUser", security(("password" = []), ("bearer" = [])),
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("If-Match" = Option<String>, Header, description = "Change it only at this version")
    ),
    responses(
        (status = 200, body = UserResponse, description = "The user as it is now", headers(
            ("ETag" = String, description = "Its version")
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
    caller: Auth<UsersWrite>,
    _: DenyQuery,
    id: PathId<User>,
    expected: Expected,
    body: Json<UpdateUserRequest>,
) -> ApiResult<HttpResponse> {
    let user = users::update(&app, &caller.actor(), id.0, changes(&body.0)?, expected.0).await?;
    Ok(answer::tagged(user.version, UserResponse::from(user)))
}

/// Delete a user
///
/// For good. Needs every permission that the user has.
#[utoipa::path(
    tag = "users", operation_id = "deleteUser", security(("password" = []), ("bearer" = [])),
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("If-Match" = Option<String>, Header, description = "Delete it only at this version")
    ),
    responses(
        (status = 204, description = "The user is gone"),
        (status = 404, description = "user_not_found"),
        (status = 409, description = "last_admin"),
        (status = 412, description = "stale")
    )
)]
#[delete("/{user_id}")]
pub(super) async fn delete(
    app: Data<App>,
    caller: Auth<UsersDelete>,
    _: DenyQuery,
    id: PathId<User>,
    expected: Expected,
) -> ApiResult<HttpResponse> {
    users::delete(&app, &caller.actor(), id.0, expected.0).await?;
    Ok(answer::no_content())
}

/// Replace the roles of a user
///
/// Needs every permission that the user has, and every permission of the roles that are given or taken.
#[utoipa::path(
    tag = "users", operation_id = "replaceUserRoles", security(("password" = []), ("bearer" = [])),
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("If-Match" = Option<String>, Header, description = "Change it only at this version")
    ),
    responses(
        (status = 200, body = UserResponse, description = "The user as it is now", headers(
            ("ETag" = String, description = "Its version")
        )),
        (status = 404, description = "user_not_found"),
        (status = 409, description = "last_admin"),
        (status = 412, description = "stale")
    )
)]
#[put("/{user_id}/roles")]
pub(super) async fn assign_roles(
    app: Data<App>,
    caller: Auth<RolesAssign>,
    _: DenyQuery,
    id: PathId<User>,
    expected: Expected,
    body: Json<AssignRolesRequest>,
) -> ApiResult<HttpResponse> {
    let mut fields = Fields::default();
    let names = fields.each("/roles", &body.0.roles, str::parse::<RoleName>);
    let names = fields.finish(names)?;
    let user = users::set_roles(&app, &caller.actor(), id.0, &names, expected.0).await?;
    Ok(answer::tagged(user.version, UserResponse::from(user)))
}

/// Who makes an account for somebody else may leave the password to that person.
fn new_user(app: &App, body: &CreateUserRequest, for_others: bool) -> ApiResult<NewUser> {
    let mut fields = Fields::default();
    let email = fields.pointer("/email", EmailAddress::parse(&body.email));
    let password = match &body.password {
        Some(text) => passwords::validate_new_password(app, text, email.as_ref())
            .map(Some)
            .map_err(Refusal::from),
        None if for_others => Ok(None),
        None => Err(Refusal::new(FieldCode::Required, "is required")),
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

fn changes(body: &UpdateUserRequest) -> ApiResult<UserChanges> {
    let mut fields = Fields::default();
    let display_name = super::me::display_name(&mut fields, body.display_name.as_ref());
    let email = fields.pointer("/email", body.email.as_deref().map(EmailAddress::parse).transpose());
    let (display_name, email) = fields.finish(display_name.zip(email))?;
    Ok(UserChanges {
        display_name,
        status: body.status.map(Status::from),
        email,
        email_verified: body.email_verified,
    })
}
