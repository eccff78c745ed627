//! The current user: read, update, password and deletion.

use actix_web::{HttpResponse, get, patch, post, put, web::Data};
use vestibule_domain::{
    CurrentUser, DeleteAccountError, RateLimited, StepUpRequired,
    account::{self, ChangePassword},
};
use vestibule_schema::{ChangePasswordRequest, DeleteMeRequest, MeResponse, UpdateMeRequest, WithNewPassword};

use crate::{
    App,
    extract::{Auth, DenyQuery, IfMatch, Json, SignedIn},
    new_password::new_password,
    password_attempt::run_optional_attempt,
    problem::{ApiResult, Problems},
    response,
};

/// Get the current user
///
/// Includes the user's current permissions and pending email change.
#[utoipa::path(
    tag = "me", operation_id = "getCurrentUser",
    responses(
        (status = 200, body = MeResponse, description = "The current user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        Problems<Auth<SignedIn>>
    )
)]
#[get("/me")]
pub(super) async fn get(auth: Auth<SignedIn>, _: DenyQuery) -> HttpResponse {
    let CurrentUser {
        user,
        permissions,
        pending_email,
        ..
    } = auth.into_inner();
    response::tagged(user.version, MeResponse::new(user, &permissions, pending_email))
}

/// Update the current user
#[utoipa::path(
    tag = "me", operation_id = "updateCurrentUser",
    params(
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the user; a different version returns 412")
    ),
    responses(
        (status = 200, body = MeResponse, description = "The updated user", headers(
            ("ETag" = String, description = "The version of the user")
        )),
        Problems<Auth<SignedIn>>
    )
)]
#[patch("/me")]
pub(super) async fn update(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
    if_match: IfMatch,
    body: Json<UpdateMeRequest>,
) -> ApiResult<HttpResponse> {
    let user = account::update_profile(&app, &auth.actor(), body.0.display_name, if_match.0).await?;
    Ok(response::tagged(
        user.version,
        MeResponse::new(user, &auth.permissions, auth.pending_email.clone()),
    ))
}

/// Change your password
///
/// Revokes all your other sessions.
#[utoipa::path(
    tag = "me", operation_id = "changePassword",
    request_body = ChangePasswordRequest,
    responses(
        (status = 204, description = "The password is changed"),
        Problems<(Auth<SignedIn>, RateLimited, StepUpRequired)>
    )
)]
#[put("/me/password")]
pub(super) async fn change_password(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<WithNewPassword<ChangePasswordRequest>>,
) -> ApiResult<HttpResponse> {
    let new = new_password(&app, body.0.password(), Some(&auth.user.email));
    let (body, new) = body.0.with_password(new)?;
    let actor = auth.actor();
    run_optional_attempt(body.current_password.as_deref(), |current| async move {
        account::change_password(&app, &actor, ChangePassword { current, new }).await
    })
    .await?;
    Ok(response::no_content())
}

/// Delete the current account permanently
#[utoipa::path(
    tag = "me", operation_id = "deleteCurrentUser",
    responses(
        (status = 204, description = "The account is deleted"),
        Problems<(Auth<SignedIn>, (RateLimited, StepUpRequired), DeleteAccountError)>
    )
)]
#[post("/me/delete")]
pub(super) async fn delete(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<DeleteMeRequest>,
) -> ApiResult<HttpResponse> {
    let actor = auth.actor();
    run_optional_attempt(body.0.current_password.as_deref(), |current_password| async move {
        account::delete(&app, &actor, current_password).await
    })
    .await?;
    Ok(response::no_content())
}
