//! Sign-in, refresh and sign-out with JSON.

use actix_web::{HttpRequest, HttpResponse, ResponseError, post, web::Data};
use vestibule_domain::{
    ClientInfo, RefreshToken, TokenPair,
    sign_in::{self, InvalidCredentials, RefreshError, Revoked, SignIn, SignOut},
};
use vestibule_schema::{
    FieldCode, FieldError, FieldLocation, LoginRequest, LogoutRequest, RefreshRequest, TokenResponse, TokenType,
    Transport,
};

use super::{
    cookie::Cookies,
    decode_refresh_token,
    documentation::{CookieHeaders, SignedIn},
    encode_refresh_token,
};
use crate::{
    App, HttpSettings,
    extract::{Client, DenyQuery, Json, NotRateLimited, OptionalJson, bearer},
    origin::{OriginError, check_origin},
    password_attempt::run_attempt,
    problem::{ApiError, ApiResult, Problems},
    response,
};

/// Sign in
///
/// The response is the same for an incorrect password and an unknown address. If the request has the cookie of an
/// earlier session and asks for a new cookie, the cookie is replaced and the earlier session is revoked.
#[utoipa::path(
    tag = "auth", operation_id = "login",
    params(CookieHeaders),
    responses(
        SignedIn,
        Problems<(NotRateLimited, sign_in::SignInError, OriginError)>
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
    let replaces = replaced_token(transport, &request, &settings)?;
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
    token_response(&pair, transport, &settings)
}

/// Refresh the tokens
///
/// Replaces the refresh token. For a few seconds, the old and the new refresh token both return the same tokens, so
/// retries are safe. Using the old one after that revokes the session.
#[utoipa::path(
    tag = "auth", operation_id = "refreshTokens", request_body = Option<RefreshRequest>,
    params(CookieHeaders),
    responses(
        (status = 200, body = TokenResponse, description = "New tokens of the same session", headers(
            ("Set-Cookie" = String, description = "The refresh token, with the transport `cookie`")
        )),
        (status = 204, description = "The request has no refresh token"),
        Problems<(sign_in::RefreshError, OriginError)>
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
            return Err(conflicting_transports());
        }
        Some(RefreshRequest {
            refresh_token: Some(text),
            ..
        }) => (text, Transport::Body),
        _ => match Cookies::new(&settings).read(&request) {
            Some(text) => (text, Transport::Cookie),
            None => return Ok(response::no_content()),
        },
    };
    if transport == Transport::Body {
        return token_response(&refresh_session(&app, client.0, &text).await?, transport, &settings);
    }
    check_origin(&request, &settings)?;
    match refresh_session(&app, client.0, &text).await {
        Ok(pair) => token_response(&pair, transport, &settings),
        Err(error) => reject_cookie(error, &settings),
    }
}

/// Sign out
///
/// Revokes the sessions of the access token (even if expired), the refresh token and the cookie, whichever are sent.
#[utoipa::path(
    tag = "auth", operation_id = "logout", security((), ("password" = []), ("bearer" = [])),
    request_body = Option<LogoutRequest>,
    params(CookieHeaders),
    responses(
        (status = 204, description = "The sessions, if any, are revoked"),
        Problems<OriginError>
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
        check_origin(&request, &settings)?;
    }
    let body_token = body.0.and_then(|body| body.refresh_token);
    let refresh_tokens = [body_token.as_deref(), cookie.as_deref()].into_iter().flatten();
    let cmd = SignOut {
        access_token: bearer(request.headers()).ok().flatten().map(str::to_owned),
        refresh_tokens: refresh_tokens.filter_map(decode_refresh_token).collect(),
        client: client.0,
    };
    sign_in::sign_out(&app, cmd).await?;
    let mut response = response::no_content();
    if cookie.is_some() {
        cookies.clear(&mut response)?;
    }
    Ok(response)
}

async fn refresh_session(app: &App, client: ClientInfo, text: &str) -> Result<TokenPair, RefreshError> {
    let token = decode_refresh_token(text).ok_or(InvalidCredentials)?;
    sign_in::refresh(app, client, &token).await
}

/// Returns the token of the cookie that a new one will replace, and checks that the page may set it.
pub(super) fn replaced_token(
    transport: Transport,
    request: &HttpRequest,
    settings: &HttpSettings,
) -> ApiResult<Option<RefreshToken>> {
    if transport != Transport::Cookie {
        return Ok(None);
    }
    check_origin(request, settings)?;
    let replaced = Cookies::new(settings).read(request);
    Ok(replaced.as_deref().and_then(decode_refresh_token))
}

/// Returns the tokens to the client, with the refresh token in the chosen transport.
pub(super) fn token_response(
    pair: &TokenPair,
    transport: Transport,
    settings: &HttpSettings,
) -> ApiResult<HttpResponse> {
    let refresh_token = encode_refresh_token(&pair.refresh_token);
    let in_body = transport == Transport::Body;
    let refresh_expires_in = pair.refresh_expires_in.num_seconds();
    let mut response = response::ok(TokenResponse {
        access_token: pair.access_token.clone(),
        token_type: TokenType::Bearer,
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

/// Returns the error for a refresh cookie, and removes the cookie if it is useless. A cookie whose session was revoked
/// only just now remains, because the browser may already have the cookie of a new session.
fn reject_cookie(error: RefreshError, settings: &HttpSettings) -> ApiResult<HttpResponse> {
    let is_useless = matches!(
        error,
        RefreshError::InvalidCredentials(_) | RefreshError::Revoked(Revoked { just_now: false })
    );
    let error = ApiError::from(error);
    if !is_useless {
        return Err(error);
    }
    let mut response = error.error_response();
    Cookies::new(settings).clear(&mut response)?;
    Ok(response)
}

fn conflicting_transports() -> ApiError {
    let error = FieldError::new(FieldCode::NotAllowedValue, "cannot be combined with refresh_token");
    ApiError::field(FieldLocation::Pointer("/transport".to_owned()), error)
}
