//! Handlers that say something about the service.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, ContentType},
    web::{Data, Path},
};
use vestibule_domain::{Password, setup};
use vestibule_schema::{Code, HealthResponse, JwksResponse, PasswordRules, SettingsResponse, WelcomeResponse};

use super::pages;
use crate::{
    App, HttpSettings, Readiness, WebApp, answer,
    extract::DenyQuery,
    problem::{ApiError, ApiResult},
    web_app,
};

/// How long others keep the public keys, so that a new key is known to them before it signs.
const KEYS_MAX_AGE: &str = "public, max-age=300";

/// Say hello
///
/// A browser gets a page.
#[utoipa::path(
    tag = "service", operation_id = "getServiceInfo",
    responses((status = 200, body = WelcomeResponse, description = "A greeting, and where to go from here"))
)]
#[get("/")]
pub(super) async fn welcome(request: HttpRequest, web_app: Data<dyn WebApp>) -> HttpResponse {
    if web_app::wants_page(&request) {
        return web_app::page(&request, &**web_app);
    }
    let mut greeting = answer::ok(WelcomeResponse {
        message: "Hello World",
        name: "vestibule",
        version: env!("CARGO_PKG_VERSION"),
        docs: "/docs/",
        openapi: "/openapi.json",
    });
    web_app::vary(&mut greeting);
    greeting
}

/// Tell whether the process runs
#[utoipa::path(
    tag = "service", operation_id = "getLiveness",
    responses((status = 200, body = HealthResponse, description = "It runs"))
)]
#[get("/health/live")]
pub(super) async fn live() -> HttpResponse {
    answer::ok(HealthResponse { status: "ok" })
}

/// Tell whether the server can do its work
///
/// It cannot while the database does not answer, lacks a migration, or is set up so that it could lose
/// what it acknowledged.
#[utoipa::path(
    tag = "service", operation_id = "getReadiness",
    responses(
        (status = 200, body = HealthResponse, description = "It can"),
        (status = 503, description = "unavailable")
    )
)]
#[get("/health/ready")]
pub(super) async fn ready(readiness: Data<dyn Readiness>) -> ApiResult<HttpResponse> {
    readiness
        .check()
        .await
        .map_err(|reason| ApiError::unavailable(1).saying(reason))?;
    Ok(answer::ok(HealthResponse { status: "ok" }))
}

/// Explain a problem
///
/// The `type` of each problem is the address of its page.
#[utoipa::path(
    tag = "service", operation_id = "getProblemType",
    params(("code" = String, Path, description = "The code of the problem", example = "email_taken")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "A page about it"),
        (status = 404, description = "not_found")
    )
)]
#[get("/problems/{code}")]
pub(super) async fn problem(code: Path<String>) -> ApiResult<HttpResponse> {
    let known = Code::ALL.iter().find(|known| known.as_str() == code.as_str());
    known
        .map(|code| pages::problem(*code))
        .ok_or_else(|| ApiError::new(Code::NotFound))
}

/// Get what a web app needs to know
///
/// Nobody has to be signed in for it.
#[utoipa::path(
    tag = "service", operation_id = "getSettings",
    responses((status = 200, body = SettingsResponse, description = "How people sign up and in here"))
)]
#[get("")]
pub(super) async fn app_settings(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: DenyQuery,
) -> ApiResult<HttpResponse> {
    Ok(answer::ok(SettingsResponse {
        setup_required: setup::is_open(&app).await?,
        sign_up: app.policy.sign_up.into(),
        require_verified_email: app.policy.require_verified_email,
        password: PasswordRules {
            min_length: app.policy.password_min_length,
            max_length: Password::MAX_LENGTH,
        },
        mail: settings.mail,
    }))
}

/// Get the public keys of access tokens
///
/// Other services verify access tokens with them. There are none while tokens are signed with HMAC.
#[utoipa::path(
    tag = "service", operation_id = "getJwks",
    responses((status = 200, body = JwksResponse, description = "A JSON Web Key set (RFC 7517)"))
)]
#[get("/.well-known/jwks.json")]
pub(super) async fn keys(settings: Data<HttpSettings>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header((CACHE_CONTROL, KEYS_MAX_AGE))
        .body(settings.jwks.clone())
}
