//! The authenticator app of the current user.

use actix_web::{HttpResponse, delete, post, web::Data};
use vestibule_domain::{
    RateLimited, StepUpRequired,
    factors::{self, ConfirmTotpError, TotpError},
};
use vestibule_schema::{ConfirmTotpRequest, ConfirmedTotpResponse, NewTotpResponse};

use crate::{
    App,
    extract::{Auth, DenyQuery, Json, SignedIn},
    problem::{ApiResult, Problems},
    response,
};

/// Set up an authenticator app
///
/// Returns a secret that is not in use until it is confirmed with a code. Requires a recent proof of identity.
#[utoipa::path(
    tag = "me", operation_id = "createTotp",
    responses(
        (status = 201, body = NewTotpResponse, description = "The secret, which is never shown again"),
        Problems<(Auth<SignedIn>, StepUpRequired, TotpError)>
    )
)]
#[post("/me/totp")]
pub(super) async fn create(app: Data<App>, auth: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    let totp = factors::create_totp(&app, &auth.actor()).await?;
    Ok(HttpResponse::Created().json(NewTotpResponse::from(totp)))
}

/// Confirm an authenticator app
///
/// The code is used up. With the first factor, returns recovery codes.
#[utoipa::path(
    tag = "me", operation_id = "confirmTotp",
    responses(
        (status = 200, body = ConfirmedTotpResponse, description = "The app is in use"),
        Problems<(Auth<SignedIn>, RateLimited, ConfirmTotpError)>
    )
)]
#[post("/me/totp/confirm")]
pub(super) async fn confirm(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<ConfirmTotpRequest>,
) -> ApiResult<HttpResponse> {
    let codes = factors::confirm_totp(&app, &auth.actor(), &body.0.code).await?;
    Ok(response::ok(ConfirmedTotpResponse::from(codes)))
}

/// Remove the authenticator app
///
/// The recovery codes are removed with the last factor. Requires a recent proof of identity.
#[utoipa::path(
    tag = "me", operation_id = "deleteTotp",
    responses(
        (status = 204, description = "The account has no authenticator app"),
        Problems<(Auth<SignedIn>, StepUpRequired)>
    )
)]
#[delete("/me/totp")]
pub(super) async fn remove(app: Data<App>, auth: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    factors::remove_totp(&app, &auth.actor()).await?;
    Ok(response::no_content())
}
