//! The OAuth 2.0 token endpoint, for Swagger UI and other OAuth tools.

use actix_web::{HttpResponse, post, web::Data};
use vestibule_domain::{
    ClientInfo, TokenPair,
    sign_in::{self, InvalidCredentials, RefreshError, SignIn, SignInError},
};
use vestibule_schema::{OAuthError, OAuthErrorCode, OAuthRequest, OAuthTokenResponse, TokenType, grant_type};

use super::{decode_refresh_token, encode_refresh_token};
use crate::{
    App, HttpSettings,
    extract::{Client, DenyQuery, Form, NotRateLimited},
    password_attempt::run_attempt,
    problem::{ApiError, ApiResult, Problems},
    response,
};

/// The reason for any incorrect credential. A client never learns which.
const INCORRECT: &str = "The username, password or refresh token is incorrect";

/// A failed token request: an OAuth error for client mistakes, otherwise an error of this API.
enum GrantError {
    OAuth(OAuthErrorCode, &'static str),
    Api(ApiError),
}

impl From<SignInError> for GrantError {
    fn from(error: SignInError) -> Self {
        let reason = match &error {
            SignInError::InvalidCredentials(_) => INCORRECT,
            SignInError::AccountDisabled(_) => "The account is disabled",
            SignInError::EmailNotVerified(_) => "The email address is not verified",
            SignInError::SecondFactorRequired(_) => {
                "The account has a second factor, which this grant cannot prove; sign in with /api/auth/login"
            }
            SignInError::Signing(_) | SignInError::Other(_) => return Self::Api(error.into()),
        };
        Self::OAuth(OAuthErrorCode::InvalidGrant, reason)
    }
}

impl From<RefreshError> for GrantError {
    fn from(error: RefreshError) -> Self {
        let reason = match &error {
            RefreshError::InvalidCredentials(_) => INCORRECT,
            RefreshError::Revoked(_) => "The session was revoked or has expired",
            RefreshError::Signing(_) | RefreshError::Other(_) => return Self::Api(error.into()),
        };
        Self::OAuth(OAuthErrorCode::InvalidGrant, reason)
    }
}

/// Get tokens with OAuth 2.0
///
/// Supports the grants `password` and `refresh_token` of RFC 6749. The password grant exists for Swagger UI and is
/// disabled together with it.
#[utoipa::path(
    tag = "auth", operation_id = "issueToken",
    request_body(content = OAuthRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = OAuthTokenResponse, description = "The tokens"),
        (status = 400, body = OAuthError, description = "The request failed"),
        Problems<NotRateLimited>
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
        Ok(pair) => Ok(response::ok(OAuthTokenResponse {
            refresh_token: encode_refresh_token(&pair.refresh_token),
            access_token: pair.access_token,
            token_type: TokenType::Bearer,
            expires_in: pair.access_expires_in.num_seconds(),
        })),
        Err(GrantError::OAuth(error, reason)) => Ok(HttpResponse::BadRequest().json(OAuthError {
            error,
            error_description: reason.to_owned(),
        })),
        Err(GrantError::Api(error)) => Err(error),
    }
}

async fn grant(app: &Data<App>, allow_password: bool, client: ClientInfo, form: Form) -> Result<TokenPair, GrantError> {
    let OAuthRequest {
        grant_type,
        username,
        password,
        refresh_token,
    } = parse(form)?;
    match (grant_type.as_deref(), username, password, refresh_token) {
        (Some(grant_type::PASSWORD), Some(email), Some(password), _) if allow_password => {
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
        (Some(grant_type::REFRESH_TOKEN), _, _, Some(text)) => {
            let token = decode_refresh_token(&text).ok_or(RefreshError::from(InvalidCredentials))?;
            Ok(sign_in::refresh(app, client, &token).await?)
        }
        (Some(grant_type::PASSWORD), ..) if allow_password => {
            Err(invalid("The password grant requires username and password"))
        }
        (Some(grant_type::REFRESH_TOKEN), ..) => Err(invalid("The refresh_token grant requires refresh_token")),
        (Some(_), ..) => Err(GrantError::OAuth(
            OAuthErrorCode::UnsupportedGrantType,
            "The grant type is not supported",
        )),
        (None, ..) => Err(invalid("grant_type is missing")),
    }
}

/// Reads the parameters of a form and rejects repeated ones. Parameters without a value count as absent, and unknown
/// ones are ignored (RFC 6749, section 3.2).
fn parse(Form(pairs): Form) -> Result<OAuthRequest, GrantError> {
    let mut request = OAuthRequest {
        grant_type: None,
        username: None,
        password: None,
        refresh_token: None,
    };
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        let field = match name.as_str() {
            "grant_type" => &mut request.grant_type,
            "username" => &mut request.username,
            "password" => &mut request.password,
            "refresh_token" => &mut request.refresh_token,
            _ => continue,
        };
        if field.replace(value).is_some() {
            return Err(invalid("A parameter is repeated"));
        }
    }
    Ok(request)
}

const fn invalid(reason: &'static str) -> GrantError {
    GrantError::OAuth(OAuthErrorCode::InvalidRequest, reason)
}
