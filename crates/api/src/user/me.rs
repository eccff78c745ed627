//! Handlers for oneself.

use actix_web::{HttpResponse, get, patch, post, put, web::Data};
use vestibule_domain::{
    credential::{self, ChangePassword},
    session,
    user::{self, DisplayName},
};
use vestibule_schema::{ChangePasswordRequest, DeleteMeRequest, MeResponse, UpdateMeRequest};

use crate::{
    App, answer,
    attempt::run_attempt,
    extract::{Caller, Expected, Json, NoQuery, SignedIn},
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
pub(super) async fn get(caller: Caller<SignedIn>, _: NoQuery) -> HttpResponse {
    let session::Caller {
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
    caller: Caller<SignedIn>,
    _: NoQuery,
    expected: Expected,
    body: Json<UpdateMeRequest>,
) -> ApiResult<HttpResponse> {
    let mut fields = Fields::default();
    let name = display_name(&mut fields, body.0.display_name.as_ref());
    let user = user::update_own(&app, &caller.actor(), fields.finish(name)?, expected.0).await?;
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
    caller: Caller<SignedIn>,
    _: NoQuery,
    body: Json<ChangePasswordRequest>,
) -> ApiResult<HttpResponse> {
    let ChangePasswordRequest {
        current_password,
        new_password,
    } = &body.0;
    let mut fields = Fields::default();
    let new = credential::choose(&app, new_password, Some(&caller.user.email));
    let new = fields.pointer("/new_password", new);
    let (new, actor) = (fields.finish(new)?, caller.actor());
    run_attempt(current_password, |current| async move {
        credential::change(&app, &actor, ChangePassword { current, new }).await
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
    caller: Caller<SignedIn>,
    _: NoQuery,
    body: Json<DeleteMeRequest>,
) -> ApiResult<HttpResponse> {
    let actor = caller.actor();
    run_attempt(&body.0.current_password, |current| async move {
        user::delete_own(&app, &actor, current).await
    })
    .await?;
    Ok(answer::no_content())
}

/// Parses a name that may be absent, `null` or a text.
#[expect(
    clippy::option_option,
    reason = "absent, refused, taken away and given are four things"
)]
pub(super) fn display_name(fields: &mut Fields, text: Option<&Option<String>>) -> Option<Option<Option<DisplayName>>> {
    let parsed = text.map(|text| text.as_deref().map(DisplayName::parse).transpose());
    fields.pointer("/display_name", parsed.transpose())
}
