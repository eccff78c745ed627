//! Sign-in with a second factor or a passkey, and step-up.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use vestibule_domain::{
    RateLimited,
    sign_in::{self, PasskeySignIn, ProveSecondFactor, StepUp},
};
use vestibule_schema::{
    FieldError, FieldLocation, PasskeyOptionsRequest, PasskeyRequestResponse, PasskeySignInRequest,
    SecondFactorRequest, StepUpRequest,
};

use super::{
    decode_challenge,
    documentation::{CookieHeaders, SignedIn},
    handlers::{replaced_token, token_response},
};
use crate::{
    App, HttpSettings,
    extract::{self, Auth, Client, DenyQuery, Json, NotRateLimited, OptionalJson},
    origin::OriginError,
    password_attempt::run_attempt,
    problem::{ApiError, ApiResult, Problems},
    response,
};

/// Complete a sign-in with a second factor
///
/// `challenge` is the one that the sign-in with the password returned. The fifth wrong code voids it.
#[utoipa::path(
    tag = "auth", operation_id = "proveSecondFactor",
    params(CookieHeaders),
    responses(
        SignedIn,
        Problems<(NotRateLimited, sign_in::SecondFactorError, OriginError)>
    )
)]
#[post("/second-factor")]
pub(super) async fn prove(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    request: HttpRequest,
    body: Json<SecondFactorRequest>,
) -> ApiResult<HttpResponse> {
    let (challenge, proof, transport) = body.0.into_parts().map_err(invalid_credential)?;
    let cmd = ProveSecondFactor {
        challenge: decode_challenge(&challenge),
        proof,
        replaces: replaced_token(transport, &request, &settings)?,
        client: client.0,
    };
    let pair = sign_in::prove_second_factor(&app, cmd).await?;
    token_response(&pair, transport, &settings)
}

/// Request a passkey
///
/// Returns the options for the browser: to sign in with a passkey alone, or to prove a second factor of the challenge of a
/// sign-in.
#[utoipa::path(
    tag = "auth", operation_id = "requestPasskey", request_body = Option<PasskeyOptionsRequest>,
    responses(
        (status = 200, body = PasskeyRequestResponse, description = "The options and the challenge"),
        Problems<(NotRateLimited, sign_in::PasskeyRequestError)>
    )
)]
#[post("/passkeys/options")]
pub(super) async fn request_passkey(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    body: OptionalJson<PasskeyOptionsRequest>,
) -> ApiResult<HttpResponse> {
    let challenge = body.0.unwrap_or_default().challenge;
    let challenge = challenge.as_deref().map(decode_challenge);
    let request = sign_in::request_passkey(&app, challenge).await?;
    Ok(response::ok(PasskeyRequestResponse::from(request)))
}

/// Sign in with a passkey
///
/// A passkey that verifies the user counts as two factors. `unknown_passkey` means that no account has it, so that a page
/// can tell the password manager to remove it.
#[utoipa::path(
    tag = "auth", operation_id = "signInWithPasskey",
    params(CookieHeaders),
    responses(
        SignedIn,
        Problems<(NotRateLimited, sign_in::PasskeySignInError, OriginError)>
    )
)]
#[post("/passkeys")]
pub(super) async fn sign_in_with_passkey(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    request: HttpRequest,
    body: Json<PasskeySignInRequest>,
) -> ApiResult<HttpResponse> {
    let PasskeySignInRequest {
        challenge_id,
        credential,
        transport,
    } = body.0;
    let transport = transport.unwrap_or_default();
    let cmd = PasskeySignIn {
        challenge: challenge_id.parse().ok(),
        response: credential.try_into().map_err(invalid_credential)?,
        replaces: replaced_token(transport, &request, &settings)?,
        client: client.0,
    };
    let pair = sign_in::sign_in_with_passkey(&app, cmd).await?;
    token_response(&pair, transport, &settings)
}

/// Confirm your identity again
///
/// Sensitive changes require a recent proof of identity, by default of the last ten minutes; a sign-in is one. Users with
/// a second factor prove one of their factors. The options for a passkey are those of a sign-in.
#[utoipa::path(
    tag = "auth", operation_id = "stepUp",
    responses(
        (status = 204, description = "The session has a recent proof of identity"),
        Problems<(Auth<extract::SignedIn>, RateLimited, sign_in::StepUpError)>
    )
)]
#[post("")]
pub(super) async fn step_up(
    app: Data<App>,
    auth: Auth<extract::SignedIn>,
    _: DenyQuery,
    body: Json<StepUpRequest>,
) -> ApiResult<HttpResponse> {
    let actor = auth.actor();
    match body.0 {
        StepUpRequest::Password { password } => {
            run_attempt(&password, |password| async move {
                sign_in::step_up(&app, &actor, StepUp::Password(password)).await
            })
            .await?;
        }
        StepUpRequest::Code { method, code } => {
            sign_in::step_up(&app, &actor, StepUp::Code(method.proof(code))).await?;
        }
        StepUpRequest::Passkey {
            challenge_id,
            credential,
        } => {
            let proof = StepUp::Passkey {
                challenge: challenge_id.parse().ok(),
                response: credential.try_into().map_err(invalid_credential)?,
            };
            sign_in::step_up(&app, &actor, proof).await?;
        }
    }
    Ok(response::no_content())
}

fn invalid_credential(error: FieldError) -> ApiError {
    ApiError::field(FieldLocation::Pointer("/credential".to_owned()), error)
}
