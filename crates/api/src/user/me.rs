//! Handlers for oneself.

use actix_web::{HttpResponse, get, patch, post, put, web::Data};
use vestibule_domain::{
    CurrentUser, DisplayName, Patch,
    account::{self, ChangePassword},
    passwords,
};
use vestibule_schema::{ChangePasswordRequest, DeleteMeRequest, MeResponse, UpdateMeRequest};

use crate::{
    App, answer,
    attempt::run_attempt,
    extract::{Auth, DenyQuery, Expected, Json, SignedIn},
    fields::Fields,
    problem::ApiResult,
};

/// Get oneself
///
/// With what one may do now.
#[utoipa::path(
    tag = "me", operation_id = "getCurrentUser", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 200, body = MeResponse, description = "Oneself", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/me")]
pub(super) async fn get(caller: Auth<SignedIn>, _: DenyQuery) -> HttpResponse {
    let CurrentUser {
        user,
        permissions,
        pending_email,
        ..
    } = caller.into_inner();
    answer::tagged(user.version, MeResponse::new(user, &permissions, pending_email))
}

/// Change oneself
#[utoipa::path(
    tag = "me", operation_id = "updateCurrentUser", security(("password" = []), ("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "Change oneself only at this version")),
    responses(
        (status = 200, body = MeResponse, description = "Oneself as one is now", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        (status = 404, description = "user_not_found"),
        (status = 412, description = "stale")
    )
)]
#[patch("/me")]
pub(super) async fn update(
    app: Data<App>,
    caller: Auth<SignedIn>,
    _: DenyQuery,
    expected: Expected,
    body: Json<UpdateMeRequest>,
) -> ApiResult<HttpResponse> {
    let mut fields = Fields::default();
    let name = display_name(&mut fields, body.0.display_name.as_ref());
    let user = account::update_profile(&app, &caller.actor(), fields.finish(name)?, expected.0).await?;
    Ok(answer::tagged(
        user.version,
        MeResponse::new(user, &caller.permissions, caller.pending_email.clone()),
    ))
}

/// Change one's password
///
/// Ends all other sessions.
#[utoipa::path(
    tag = "me", operation_id = "changePassword", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "The password is changed"),
        (status = 404, description = "user_not_found"),
        (status = 429, description = "too_many_requests")
    )
)]
#[put("/me/password")]
pub(super) async fn change_password(
    app: Data<App>,
    caller: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<ChangePasswordRequest>,
) -> ApiResult<HttpResponse> {
    let ChangePasswordRequest {
        current_password,
        new_password,
    } = &body.0;
    let mut fields = Fields::default();
    let new = passwords::validate_new_password(&app, new_password, Some(&caller.user.email));
    let new = fields.pointer("/new_password", new);
    let (new, actor) = (fields.finish(new)?, caller.actor());
    run_attempt(current_password, |current| async move {
        account::change_password(&app, &actor, ChangePassword { current, new }).await
    })
    .await?;
    Ok(answer::no_content())
}

/// Delete oneself
///
/// For good.
#[utoipa::path(
    tag = "me", operation_id = "deleteCurrentUser", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "The account is gone"),
        (status = 404, description = "user_not_found"),
        (status = 409, description = "last_admin"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/me/delete")]
pub(super) async fn delete(
    app: Data<App>,
    caller: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<DeleteMeRequest>,
) -> ApiResult<HttpResponse> {
    let actor = caller.actor();
    run_attempt(&body.0.current_password, |current| async move {
        account::delete(&app, &actor, current).await
    })
    .await?;
    Ok(answer::no_content())
}

/// Parses a name that may be absent, `null` or a text.
pub(super) fn display_name(fields: &mut Fields, text: Option<&Option<String>>) -> Option<Patch<DisplayName>> {
    let text = Patch::from(text.map(Option::as_deref));
    fields.pointer("/display_name", text.try_map(DisplayName::parse))
}
