//! Password reset by an emailed link.

use actix_web::{HttpResponse, post, web::Data};
use vestibule_domain::{RateLimited, User, password_reset, permission::UsersWrite};
use vestibule_schema::{LinkRequest, ResetPasswordRequest};

use crate::{
    App,
    email_verification::parse_link_token,
    extract::{Auth, Client, DenyQuery, Json, NotRateLimited, PathId},
    problem::{ApiResult, Problems},
    response,
};

/// Request a password reset
///
/// The response is the same whether or not an account has the address.
#[utoipa::path(
    tag = "auth", operation_id = "requestPasswordReset",
    responses(
        (status = 202, description = "A link valid for 30 minutes is sent if an account has this address"),
        Problems<NotRateLimited>
    )
)]
#[post("/forgot-password")]
pub(crate) async fn request(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    body: Json<LinkRequest>,
) -> ApiResult<HttpResponse> {
    password_reset::request(&app, &body.0.email).await?;
    Ok(response::accepted())
}

/// Send a user a password link
///
/// Emails a link to set a new password. A user who has not set a password yet receives the invitation again. Requires
/// every permission that the user has.
#[utoipa::path(
    tag = "users", operation_id = "sendPasswordLink",
    params(("user_id" = Uuid, Path, description = "The identifier of the user")),
    responses(
        (status = 202, description = "A link is sent, valid for 30 minutes; an invitation is valid for 24 hours"),
        Problems<(Auth<UsersWrite>, RateLimited)>
    )
)]
#[post("/{user_id}/password-link")]
pub(crate) async fn send(
    app: Data<App>,
    auth: Auth<UsersWrite>,
    _: DenyQuery,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    password_reset::send(&app, &auth.actor(), id.0).await?;
    Ok(response::accepted())
}

/// Reset a password
///
/// Sets the password with the token of a link. Revokes every session, invalidates every other link and verifies the
/// address. Also accepts invitations.
#[utoipa::path(
    tag = "auth", operation_id = "resetPassword",
    responses(
        (status = 204, description = "The password is set"),
        Problems<(NotRateLimited, password_reset::CompleteError)>
    )
)]
#[post("/reset-password")]
pub(crate) async fn complete(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    body: Json<ResetPasswordRequest>,
) -> ApiResult<HttpResponse> {
    let ResetPasswordRequest { token, new_password } = &body.0;
    password_reset::complete(&app, client.0, parse_link_token(token).as_ref(), new_password).await?;
    Ok(response::no_content())
}
