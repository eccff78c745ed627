//! Changing the email address of the current user.

use actix_web::{HttpResponse, delete, post, web::Data};
use vestibule_domain::{
    RateLimited, StepUpRequired,
    account::{self, ConfirmEmailChangeError, cancel_email_change, request_email_change},
};
use vestibule_schema::{ChangeEmailRequest, ConfirmEmailChangeRequest};

use crate::{
    App,
    email_verification::parse_link_token,
    extract::{Auth, Client, DenyQuery, Json, NotRateLimited, SignedIn},
    password_attempt::run_optional_attempt,
    problem::{ApiResult, Problems},
    response,
};

/// Request an email change
///
/// Sends a link to the new address. The change takes effect when the link is confirmed within 30 minutes. If another
/// account has the address, the response is the same, but no link is sent.
#[utoipa::path(
    tag = "me", operation_id = "requestEmailChange",
    responses(
        (status = 202, description = "The change is pending until it is confirmed"),
        Problems<(Auth<SignedIn>, RateLimited, StepUpRequired)>
    )
)]
#[post("/me/email")]
pub(super) async fn request_change(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<ChangeEmailRequest>,
) -> ApiResult<HttpResponse> {
    let ChangeEmailRequest {
        new_email,
        current_password,
    } = body.0;
    let actor = auth.actor();
    run_optional_attempt(current_password.as_deref(), |current_password| async move {
        request_email_change(&app, &actor, new_email, current_password).await
    })
    .await?;
    Ok(response::accepted())
}

/// Cancel a pending email change
///
/// Invalidates the link that was sent to the new address.
#[utoipa::path(
    tag = "me", operation_id = "cancelEmailChange",
    responses(
        (status = 204, description = "No email change is pending"),
        Problems<Auth<SignedIn>>
    )
)]
#[delete("/me/email")]
pub(super) async fn cancel_change(app: Data<App>, auth: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    cancel_email_change(&app, &auth.actor()).await?;
    Ok(response::no_content())
}

/// Confirm an email change
///
/// The new address becomes the sign-in address of the account.
#[utoipa::path(
    tag = "auth", operation_id = "confirmEmailChange",
    responses(
        (status = 204, description = "The address is changed"),
        Problems<(NotRateLimited, ConfirmEmailChangeError)>
    )
)]
#[post("/confirm-email-change")]
pub(crate) async fn confirm_email_change(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    body: Json<ConfirmEmailChangeRequest>,
) -> ApiResult<HttpResponse> {
    account::confirm_email_change(&app, client.0, parse_link_token(&body.0.token).as_ref()).await?;
    Ok(response::no_content())
}
