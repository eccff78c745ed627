//! Handlers for the links that are mailed.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use vestibule_domain::{
    Actor, LinkToken, NormalizedEmail, account,
    email_verification::{self, Proof},
    password_reset,
};
use vestibule_schema::{Code, ConfirmEmailChangeRequest, LinkRequest, ResetPasswordRequest, VerifyEmailRequest};

use crate::{
    App, answer,
    attempt::run_attempt,
    extract::{Client, DenyQuery, Json, NotRateLimited, bearer},
    fields::Fields,
    middleware::authenticate,
    problem::{ApiError, ApiResult},
};

/// Ask for a link to choose another password
///
/// The answer is the same whether somebody has the address or not.
#[utoipa::path(
    tag = "auth", operation_id = "requestPasswordReset",
    responses(
        (status = 202, description = "If somebody has the address, a link is on its way, good for 30 minutes"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/forgot-password")]
pub(super) async fn request_reset(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    body: Json<LinkRequest>,
) -> ApiResult<HttpResponse> {
    password_reset::request(&app, &address(&body.0)?).await?;
    Ok(answer::accepted())
}

/// Ask for another link to verify an address
///
/// The answer is the same whether somebody has the address or not, and whether it is verified or not.
#[utoipa::path(
    tag = "auth", operation_id = "resendVerificationEmail",
    responses(
        (status = 202, description = "If somebody has the address unverified, a link is on its way, good for 24 hours"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/resend-verification")]
pub(super) async fn resend_verification(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    body: Json<LinkRequest>,
) -> ApiResult<HttpResponse> {
    email_verification::resend(&app, &address(&body.0)?).await?;
    Ok(answer::accepted())
}

/// Choose a password by a link
///
/// Ends every session and every other link, and verifies the address. An invitation is redeemed here too.
#[utoipa::path(
    tag = "auth", operation_id = "resetPassword",
    responses(
        (status = 204, description = "The password is set"),
        (status = 400, description = "malformed_json invalid_token"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/reset-password")]
pub(super) async fn reset_password(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    origin: Client,
    body: Json<ResetPasswordRequest>,
) -> ApiResult<HttpResponse> {
    let ResetPasswordRequest { token, new_password } = &body.0;
    password_reset::complete(&app, origin.0, read(token).as_ref(), new_password).await?;
    Ok(answer::no_content())
}

/// Verify an address
///
/// Needs, besides the token of the link, the account's own access token or its password: who reads the
/// mailbox but did not make the account resets the password instead.
#[utoipa::path(
    tag = "auth", operation_id = "verifyEmail", security((), ("password" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "The address is verified"),
        (status = 400, description = "malformed_json invalid_token"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/verify-email")]
pub(super) async fn verify_email(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    origin: Client,
    request: HttpRequest,
    body: Json<VerifyEmailRequest>,
) -> ApiResult<HttpResponse> {
    let VerifyEmailRequest { token, password } = &body.0;
    let token = read(token);
    if let Some(password) = password {
        let actor = Actor::anonymous(origin.0);
        let verify = |attempt| async move {
            let proof = Proof::Password(attempt);
            email_verification::verify(&app, &actor, token.as_ref(), proof).await
        };
        run_attempt(password, verify).await?;
    } else if bearer(request.headers()) == Ok(None) {
        return Err(ApiError::new(Code::InvalidToken));
    } else {
        let actor = authenticate(&request).await?.actor(origin.0);
        email_verification::verify(&app, &actor, token.as_ref(), Proof::Session).await?;
    }
    Ok(answer::no_content())
}

/// Confirm another address
///
/// From now on it is the one to sign in with.
#[utoipa::path(
    tag = "auth", operation_id = "confirmEmailChange",
    responses(
        (status = 204, description = "The address is changed"),
        (status = 400, description = "malformed_json invalid_token email_taken"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/confirm-email-change")]
pub(super) async fn confirm_email_change(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    origin: Client,
    body: Json<ConfirmEmailChangeRequest>,
) -> ApiResult<HttpResponse> {
    account::confirm_email_change(&app, origin.0, read(&body.0.token).as_ref()).await?;
    Ok(answer::no_content())
}

/// Finds what is there already, so spellings that a new account must not have are read as well.
fn address(body: &LinkRequest) -> ApiResult<NormalizedEmail> {
    let mut fields = Fields::default();
    let email = fields.pointer("/email", NormalizedEmail::parse(&body.email));
    fields.finish(email)
}

/// What is no token of ours is `None`.
fn read(token: &str) -> Option<LinkToken> {
    token.parse().ok()
}
