//! The factors of the current user and of any user, and recovery codes.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use vestibule_domain::{
    StepUpRequired, User,
    factors::{self, RecoveryCodesError, RemoveFactorError},
    permission::{UsersRead, UsersWrite},
};
use vestibule_schema::{FactorsResponse, RecoveryCodesResponse};

use super::rp_id;
use crate::{
    App,
    extract::{Auth, DenyQuery, PathId, SignedIn},
    problem::{ApiResult, Problems},
    response,
};

/// Get your factors
///
/// Includes what the Signal API of Web Authentication needs to keep the passkeys of a password manager up to date.
#[utoipa::path(
    tag = "me", operation_id = "getOwnFactors",
    responses(
        (status = 200, body = FactorsResponse, description = "The factors, without secrets"),
        Problems<Auth<SignedIn>>
    )
)]
#[get("/me/factors")]
pub(super) async fn get_own(app: Data<App>, auth: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    let factors = factors::get_own(&app, &auth.actor()).await?;
    Ok(response::ok(FactorsResponse::new(auth.user.id, factors, rp_id(&app))))
}

/// Generate new recovery codes
///
/// The earlier codes are void. Requires a second factor, and a recent proof of identity.
#[utoipa::path(
    tag = "me", operation_id = "replaceRecoveryCodes",
    responses(
        (status = 200, body = RecoveryCodesResponse, description = "Ten codes, which are never shown again"),
        Problems<(Auth<SignedIn>, StepUpRequired, RecoveryCodesError)>
    )
)]
#[post("/me/recovery-codes")]
pub(super) async fn replace_recovery_codes(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
) -> ApiResult<HttpResponse> {
    let codes = factors::replace_recovery_codes(&app, &auth.actor()).await?;
    Ok(response::ok(RecoveryCodesResponse::from(codes)))
}

/// Get a user's factors
#[utoipa::path(
    tag = "users", operation_id = "getUserFactors",
    params(("user_id" = Uuid, Path, description = "The identifier of the user")),
    responses(
        (status = 200, body = FactorsResponse, description = "The factors, without secrets"),
        Problems<Auth<UsersRead>>
    )
)]
#[get("/{user_id}/factors")]
pub(super) async fn get(
    app: Data<App>,
    auth: Auth<UsersRead>,
    id: PathId<User>,
    _: DenyQuery,
) -> ApiResult<HttpResponse> {
    let factors = factors::get(&app, &auth.actor(), id.0).await?;
    Ok(response::ok(FactorsResponse::new(id.0, factors, rp_id(&app))))
}

/// Remove a user's second factors
///
/// For a user who has lost them. Also revokes the user's sessions and notifies the user by email. Requires every permission
/// of the user, and a recent proof of identity.
#[utoipa::path(
    tag = "users", operation_id = "resetUserFactors",
    params(("user_id" = Uuid, Path, description = "The identifier of the user")),
    responses(
        (status = 204, description = "The user has no second factor"),
        Problems<(Auth<UsersWrite>, StepUpRequired, RemoveFactorError)>
    )
)]
#[delete("/{user_id}/factors")]
pub(super) async fn reset(
    app: Data<App>,
    auth: Auth<UsersWrite>,
    id: PathId<User>,
    _: DenyQuery,
) -> ApiResult<HttpResponse> {
    factors::reset(&app, &auth.actor(), id.0).await?;
    Ok(response::no_content())
}
