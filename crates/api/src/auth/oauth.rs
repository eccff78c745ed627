//! Signing in as OAuth 2.0 has it, for Swagger UI and other tools that speak it.

use actix_web::{HttpResponse, post, web::Data};
use vestibule_domain::{
    ClientInfo, SessionError, TokenPair,
    sign_in::{self, SignIn},
};
use vestibule_schema::{OAuthError, OAuthErrorCode, OAuthRequest, OAuthTokenResponse};

use super::refresh_token;
use crate::{
    App, HttpSettings, answer,
    attempt::run_attempt,
    extract::{Client, DenyQuery, Form, NotRateLimited},
    problem::{ApiError, ApiResult},
};

/// Why no token was given: in the words of OAuth, or, when it is not the client's doing, in ours.
enum Refusal {
    OAuth(OAuthErrorCode, &'static str),
    Api(ApiError),
}

impl From<SessionError> for Refusal {
    fn from(error: SessionError) -> Self {
        let reason = match &error {
            SessionError::InvalidCredentials => "The username, the password or the refresh token is wrong",
            SessionError::AccountDisabled => "The account is disabled",
            SessionError::EmailNotVerified => "The address has to be verified first",
            SessionError::Revoked { .. } => "The session has ended",
            _ => return Self::Api(error.into()),
        };
        Self::OAuth(OAuthErrorCode::InvalidGrant, reason)
    }
}

/// Get a token with OAuth 2.0
///
/// The password grant of RFC 6749 is there for Swagger UI and goes when it is switched off.
#[utoipa::path(
    tag = "auth", operation_id = "issueToken",
    request_body(content = OAuthRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = OAuthTokenResponse, description = "The tokens"),
        (status = 400, body = OAuthError, description = "Why there are none"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/token")]
pub(super) async fn request_token(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    form: Form,
) -> ApiResult<HttpResponse> {
    match grant(&app, settings.docs, client.0, form).await {
        Ok(pair) => Ok(answer::ok(OAuthTokenResponse {
            refresh_token: refresh_token::encode(&pair.refresh_token),
            access_token: pair.access_token,
            token_type: "bearer",
            expires_in: pair.access_expires_in.num_seconds(),
        })),
        Err(Refusal::OAuth(error, reason)) => Ok(HttpResponse::BadRequest().json(OAuthError {
            error,
            error_description: reason.to_owned(),
        })),
        Err(Refusal::Api(error)) => Err(error),
    }
}

async fn grant(app: &Data<App>, by_password: bool, client: ClientInfo, form: Form) -> Result<TokenPair, Refusal> {
    let OAuthRequest {
        grant_type,
        username,
        password,
        refresh_token,
    } = read(form)?;
    match (grant_type.as_deref(), username, password, refresh_token) {
        (Some("password"), Some(email), Some(password), _) if by_password => {
            let app = app.clone();
            let sign_in = |password| async move {
                let cmd = SignIn {
                    email,
                    password,
                    replaces: None,
                    client,
                };
                sign_in::sign_in(&app, cmd).await
            };
            Ok(run_attempt(&password, sign_in).await?)
        }
        (Some("refresh_token"), _, _, Some(text)) => {
            let token = refresh_token::decode(&text).ok_or(SessionError::InvalidCredentials)?;
            Ok(sign_in::refresh(app, client, &token).await?)
        }
        (Some("password"), ..) if by_password => Err(invalid("The password grant needs username and password")),
        (Some("refresh_token"), ..) => Err(invalid("The refresh_token grant needs refresh_token")),
        (Some(_), ..) => Err(Refusal::OAuth(
            OAuthErrorCode::UnsupportedGrantType,
            "There is no such grant here",
        )),
        (None, ..) => Err(invalid("grant_type is missing")),
    }
}

/// Takes the parameters of a form, none of them twice. Those without a value count as absent, and those
/// that nobody knows are ignored (RFC 6749, section 3.2).
fn read(Form(pairs): Form) -> Result<OAuthRequest, Refusal> {
    let mut request = OAuthRequest {
        grant_type: None,
        username: None,
        password: None,
        refresh_token: None,
    };
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        let place = match name.as_str() {
            "grant_type" => &mut request.grant_type,
            "username" => &mut request.username,
            "password" => &mut request.password,
            "refresh_token" => &mut request.refresh_token,
            _ => continue,
        };
        if place.replace(value).is_some() {
            return Err(invalid("A parameter stands there twice"));
        }
    }
    Ok(request)
}

const fn invalid(reason: &'static str) -> Refusal {
    Refusal::OAuth(OAuthErrorCode::InvalidRequest, reason)
}
