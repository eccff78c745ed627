//! Handlers for signing in and out with JSON.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use vestibule_domain::{
    credential::Password,
    session::{self, SessionError, SignIn, SignOut, TokenPair},
};
use vestibule_schema::{LoginRequest, LogoutRequest, RefreshRequest, TokenResponse};

use super::refresh_token;
use crate::{
    App, answer,
    extract::{ClientDevice, Json, NoQuery, OptionalJson, bearer},
    problem::ApiResult,
};

/// Sign in
///
/// A wrong password and an unknown address are answered alike.
#[utoipa::path(
    tag = "auth", operation_id = "login",
    responses(
        (status = 200, body = TokenResponse, description = "The tokens of a new session"),
        (status = 401, description = "invalid_credentials"),
        (status = 403, description = "account_disabled")
    )
)]
#[post("/login")]
pub(super) async fn login(
    app: Data<App>,
    _: NoQuery,
    device: ClientDevice,
    body: Json<LoginRequest>,
) -> ApiResult<HttpResponse> {
    let LoginRequest {
        email,
        password,
        transport: _,
    } = body.0;
    let cmd = SignIn {
        email,
        password: Password::attempt(&password),
        device: device.0,
    };
    let pair = session::sign_in(&app, cmd).await?;
    Ok(answer::ok(tokens(&pair)))
}

/// Get new tokens
///
/// The refresh token is replaced. For some seconds after that, the old and the new one both give the
/// same tokens, so that a retry does no harm; the old one used later ends the session.
#[utoipa::path(
    tag = "auth", operation_id = "refreshTokens", request_body = Option<RefreshRequest>,
    responses(
        (status = 200, body = TokenResponse, description = "New tokens of the same session"),
        (status = 204, description = "There is nothing to refresh"),
        (status = 401, description = "invalid_credentials session_revoked")
    )
)]
#[post("/refresh")]
pub(super) async fn refresh(app: Data<App>, _: NoQuery, body: OptionalJson<RefreshRequest>) -> ApiResult<HttpResponse> {
    let Some(text) = body.0.and_then(|body| body.refresh_token) else {
        return Ok(answer::no_content());
    };
    let token = refresh_token::decode(&text).ok_or(SessionError::InvalidCredentials)?;
    let pair = session::refresh(&app, &token).await?;
    Ok(answer::ok(tokens(&pair)))
}

/// Sign out
///
/// Ends the session of the access token, be it expired, or else that of the refresh token.
#[utoipa::path(
    tag = "auth", operation_id = "logout", request_body = Option<LogoutRequest>,
    responses((status = 204, description = "The session, if there was one, has ended"))
)]
#[post("/logout")]
pub(super) async fn logout(
    app: Data<App>,
    _: NoQuery,
    request: HttpRequest,
    body: OptionalJson<LogoutRequest>,
) -> ApiResult<HttpResponse> {
    let refresh_token = body.0.and_then(|body| body.refresh_token);
    let cmd = SignOut {
        access_token: bearer(request.headers()).ok().flatten().map(str::to_owned),
        refresh_token: refresh_token.as_deref().and_then(refresh_token::decode),
    };
    session::sign_out(&app, cmd).await?;
    Ok(answer::no_content())
}

fn tokens(pair: &TokenPair) -> TokenResponse {
    TokenResponse {
        access_token: pair.access_token.clone(),
        token_type: "bearer",
        expires_in: pair.access_expires_in.num_seconds(),
        session_id: pair.session.as_uuid(),
        refresh_token: refresh_token::encode(&pair.refresh_token),
        refresh_expires_in: pair.refresh_expires_in.num_seconds(),
    }
}
