//! The passkeys of the current user.

use actix_web::{HttpResponse, delete, patch, post, web::Data};
use vestibule_domain::{
    Passkey, StepUpRequired,
    factors::{self, NewPasskey, RegisterPasskeyError, RemoveFactorError, RequestPasskeyError},
};
use vestibule_schema::{
    AddPasskeyRequest, AddedPasskeyResponse, FieldLocation, NewPasskeyRequestResponse, PasskeyResponse,
    UpdatePasskeyRequest,
};

use crate::{
    App,
    extract::{Auth, DenyQuery, Json, PathId, SignedIn},
    problem::{ApiError, ApiResult, Problems},
    response,
};

/// Request a new passkey
///
/// Returns the options for the browser. Requires a recent proof of identity.
#[utoipa::path(
    tag = "me", operation_id = "requestNewPasskey",
    responses(
        (status = 200, body = NewPasskeyRequestResponse, description = "The options and the challenge"),
        Problems<(Auth<SignedIn>, StepUpRequired, RequestPasskeyError)>
    )
)]
#[post("/me/passkeys/options")]
pub(super) async fn request(app: Data<App>, auth: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    let request = factors::request_new_passkey(&app, &auth.actor()).await?;
    Ok(response::ok(NewPasskeyRequestResponse::from(request)))
}

/// Add a passkey
///
/// With the first factor, returns recovery codes. A passkey that was created without user verification serves as second
/// factor only.
#[utoipa::path(
    tag = "me", operation_id = "addPasskey",
    responses(
        (status = 201, body = AddedPasskeyResponse, description = "The passkey"),
        Problems<(Auth<SignedIn>, RegisterPasskeyError)>
    )
)]
#[post("/me/passkeys")]
pub(super) async fn add(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<AddPasskeyRequest>,
) -> ApiResult<HttpResponse> {
    let AddPasskeyRequest {
        challenge_id,
        credential,
        name,
    } = body.0;
    let invalid = |error| ApiError::field(FieldLocation::Pointer("/credential".to_owned()), error);
    let new = NewPasskey {
        challenge: challenge_id.parse().ok(),
        response: credential.try_into().map_err(invalid)?,
        name,
    };
    let added = factors::add_passkey(&app, &auth.actor(), new).await?;
    Ok(HttpResponse::Created().json(AddedPasskeyResponse::from(added)))
}

/// Rename a passkey
#[utoipa::path(
    tag = "me", operation_id = "updatePasskey",
    params(("passkey_id" = Uuid, Path, description = "The identifier of the passkey")),
    responses(
        (status = 200, body = PasskeyResponse, description = "The passkey"),
        Problems<Auth<SignedIn>>
    )
)]
#[patch("/me/passkeys/{passkey_id}")]
pub(super) async fn update(
    app: Data<App>,
    auth: Auth<SignedIn>,
    id: PathId<Passkey>,
    _: DenyQuery,
    body: Json<UpdatePasskeyRequest>,
) -> ApiResult<HttpResponse> {
    let passkey = factors::rename_passkey(&app, &auth.actor(), id.0, body.0.name).await?;
    Ok(response::ok(PasskeyResponse::from(passkey)))
}

/// Remove a passkey
///
/// The recovery codes are removed with the last factor. Requires a recent proof of identity.
#[utoipa::path(
    tag = "me", operation_id = "deletePasskey",
    params(("passkey_id" = Uuid, Path, description = "The identifier of the passkey")),
    responses(
        (status = 204, description = "The passkey is removed"),
        Problems<(Auth<SignedIn>, StepUpRequired, RemoveFactorError)>
    )
)]
#[delete("/me/passkeys/{passkey_id}")]
pub(super) async fn remove(
    app: Data<App>,
    auth: Auth<SignedIn>,
    id: PathId<Passkey>,
    _: DenyQuery,
) -> ApiResult<HttpResponse> {
    factors::remove_passkey(&app, &auth.actor(), id.0).await?;
    Ok(response::no_content())
}
