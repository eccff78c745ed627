//! Verification of email addresses.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use vestibule_domain::{
    Actor, LinkToken,
    email_verification::{self, Proof},
};
use vestibule_schema::{Code, LinkRequest, VerifyEmailRequest};

use crate::{
    App,
    extract::{Auth, Client, DenyQuery, Json, NotRateLimited, SignedIn, bearer},
    middleware::authenticate,
    password_attempt::run_attempt,
    problem::{ApiError, ApiResult, Problems},
    response,
};

/// Resend the verification email
///
/// The response is the same whether or not an account has the address, and whether or not the address is verified.
#[utoipa::path(
    tag = "auth", operation_id = "resendVerificationEmail",
    responses(
        (status = 202, description = "A link valid for 24 hours is sent if an account has this unverified address"),
        Problems<NotRateLimited>
    )
)]
#[post("/resend-verification")]
pub(crate) async fn resend(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    body: Json<LinkRequest>,
) -> ApiResult<HttpResponse> {
    email_verification::resend(&app, &body.0.email).await?;
    Ok(response::accepted())
}

/// Verify an email address
///
/// Requires the token of the link and either an access token of the account or its password. A person who controls
/// the mailbox but did not create the account resets the password instead.
#[utoipa::path(
    tag = "auth", operation_id = "verifyEmail", security((), ("password" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "The address is verified"),
        Problems<(NotRateLimited, email_verification::VerifyError, Auth<SignedIn>)>
    )
)]
#[post("/verify-email")]
pub(crate) async fn verify(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    request: HttpRequest,
    body: Json<VerifyEmailRequest>,
) -> ApiResult<HttpResponse> {
    let VerifyEmailRequest { token, password } = &body.0;
    let token = parse_link_token(token);
    if let Some(password) = password {
        let actor = Actor::anonymous(client.0);
        let verify = |attempt| async move {
            let proof = Proof::Password(attempt);
            email_verification::verify(&app, &actor, token.as_ref(), proof).await
        };
        run_attempt(password, verify).await?;
    } else if bearer(request.headers()) == Ok(None) {
        return Err(ApiError::new(Code::InvalidToken));
    } else {
        let actor = authenticate(&request).await?.actor(client.0);
        email_verification::verify(&app, &actor, token.as_ref(), Proof::Session).await?;
    }
    Ok(response::no_content())
}

/// Parses the token of a link; `None` if the text cannot be one.
pub(crate) fn parse_link_token(text: &str) -> Option<LinkToken> {
    text.parse().ok()
}
