//! Handlers for signing in and out with JSON.

use actix_web::{HttpRequest, HttpResponse, ResponseError, post, web::Data};
use vestibule_domain::{
    ClientInfo, SessionError, TokenPair,
    sign_in::{self, SignIn, SignOut},
};
use vestibule_schema::{
    FieldCode, LoginRequest, LogoutRequest, Place, RefreshRequest, Refusal, TokenResponse, Transport,
};

use super::{cookie::Cookies, origin as web_origin, refresh_token};
use crate::{
    App, HttpSettings, answer,
    attempt::run_attempt,
    extract::{Client, DenyQuery, Json, NotRateLimited, OptionalJson, bearer},
    problem::{ApiError, ApiResult},
};

/// Sign in
///
/// A wrong password and an unknown address are answered alike. A cookie of an earlier session is replaced, and that
/// session ends.
#[utoipa::path(
    tag = "auth", operation_id = "login",
    responses(
        (status = 200, body = TokenResponse, description = "The tokens of a new session", headers(
            ("Set-Cookie" = String, description = "The refresh token, when it travels in the cookie")
        )),
        (status = 401, description = "invalid_credentials"),
        (status = 403, description = "account_disabled email_not_verified origin_not_allowed"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/login")]
pub(super) async fn login(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    request: HttpRequest,
    body: Json<LoginRequest>,
) -> ApiResult<HttpResponse> {
    let LoginRequest {
        email,
        password,
        transport,
    } = body.0;
    let transport = transport.unwrap_or_default();
    let mut replaced = None;
    if transport == Transport::Cookie {
        web_origin::check(&request, &settings)?;
        // The browser will have another cookie instead.
        replaced = Cookies::new(&settings).read(&request);
    }
    let replaces = replaced.as_deref().and_then(refresh_token::decode);
    let pair = run_attempt(&password, |password| async move {
        let cmd = SignIn {
            email,
            password,
            replaces,
            client: client.0,
        };
        sign_in::sign_in(&app, cmd).await
    })
    .await?;
    hand_out(&pair, transport, &settings)
}

/// Get new tokens
///
/// The refresh token is replaced. For some seconds after that, the old and the new one both give the
/// same tokens, so that a retry does no harm; the old one used later ends the session.
#[utoipa::path(
    tag = "auth", operation_id = "refreshTokens", request_body = Option<RefreshRequest>,
    responses(
        (status = 200, body = TokenResponse, description = "New tokens of the same session", headers(
            ("Set-Cookie" = String, description = "The refresh token, when it travels in the cookie")
        )),
        (status = 204, description = "There is nothing to refresh"),
        (status = 401, description = "invalid_credentials session_revoked"),
        (status = 403, description = "origin_not_allowed")
    )
)]
#[post("/refresh")]
pub(super) async fn refresh(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: DenyQuery,
    client: Client,
    request: HttpRequest,
    body: OptionalJson<RefreshRequest>,
) -> ApiResult<HttpResponse> {
    let (text, transport) = match body.0 {
        Some(RefreshRequest {
            refresh_token: Some(_),
            transport: Some(Transport::Cookie),
        }) => {
            return Err(two_transports());
        }
        Some(RefreshRequest {
            refresh_token: Some(text),
            ..
        }) => (text, Transport::Body),
        _ => match Cookies::new(&settings).read(&request) {
            Some(text) => (text, Transport::Cookie),
            None => return Ok(answer::no_content()),
        },
    };
    if transport == Transport::Body {
        return hand_out(&renew(&app, client.0, &text).await?, transport, &settings);
    }
    web_origin::check(&request, &settings)?;
    match renew(&app, client.0, &text).await {
        Ok(pair) => hand_out(&pair, transport, &settings),
        Err(error) => refuse_cookie(error, &settings),
    }
}

/// Sign out
///
/// Ends the session of the access token, be it expired, that of the refresh token and that of the cookie,
/// whichever of them are sent.
#[utoipa::path(
    tag = "auth", operation_id = "logout", request_body = Option<LogoutRequest>,
    responses(
        (status = 204, description = "The sessions, if there were any, have ended"),
        (status = 403, description = "origin_not_allowed")
    )
)]
#[post("/logout")]
pub(super) async fn logout(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: DenyQuery,
    client: Client,
    request: HttpRequest,
    body: OptionalJson<LogoutRequest>,
) -> ApiResult<HttpResponse> {
    let cookies = Cookies::new(&settings);
    let cookie = cookies.read(&request);
    if cookie.is_some() {
        web_origin::check(&request, &settings)?;
    }
    let in_body = body.0.and_then(|body| body.refresh_token);
    let refresh_tokens = [in_body.as_deref(), cookie.as_deref()].into_iter().flatten();
    let cmd = SignOut {
        access_token: bearer(request.headers()).ok().flatten().map(str::to_owned),
        refresh_tokens: refresh_tokens.filter_map(refresh_token::decode).collect(),
        client: client.0,
    };
    sign_in::sign_out(&app, cmd).await?;
    let mut response = answer::no_content();
    if cookie.is_some() {
        cookies.clear(&mut response)?;
    }
    Ok(response)
}

async fn renew(app: &App, client: ClientInfo, text: &str) -> Result<TokenPair, SessionError> {
    let token = refresh_token::decode(text).ok_or(SessionError::InvalidCredentials)?;
    sign_in::refresh(app, client, &token).await
}

/// Gives the tokens to the client, the refresh token by its transport.
fn hand_out(pair: &TokenPair, transport: Transport, settings: &HttpSettings) -> ApiResult<HttpResponse> {
    let refresh_token = refresh_token::encode(&pair.refresh_token);
    let in_body = transport == Transport::Body;
    let refresh_expires_in = pair.refresh_expires_in.num_seconds();
    let mut response = answer::ok(TokenResponse {
        access_token: pair.access_token.clone(),
        token_type: "bearer",
        expires_in: pair.access_expires_in.num_seconds(),
        session_id: pair.session.as_uuid(),
        refresh_token: in_body.then(|| refresh_token.clone()),
        refresh_expires_in,
    });
    if !in_body {
        Cookies::new(settings).set(&mut response, &refresh_token, refresh_expires_in)?;
    }
    Ok(response)
}

/// Refuses a cookie and takes it back; not just after its session has ended, because by then the browser
/// may hold the cookie of a new one.
fn refuse_cookie(error: SessionError, settings: &HttpSettings) -> ApiResult<HttpResponse> {
    let is_worthless = matches!(
        error,
        SessionError::InvalidCredentials | SessionError::Revoked { just_now: false }
    );
    let error = ApiError::from(error);
    if !is_worthless {
        return Err(error);
    }
    let mut response = error.error_response();
    Cookies::new(settings).clear(&mut response)?;
    Ok(response)
}

fn two_transports() -> ApiError {
    let refusal = Refusal::new(FieldCode::NotAllowedValue, "does not go with refresh_token");
    ApiError::field(Place::Pointer("/transport".to_owned()), refusal)
}
