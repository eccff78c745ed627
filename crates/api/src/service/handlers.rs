//! Service information, health checks, settings and problem pages.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Data, Path},
};
use vestibule_domain::{Password, setup};
use vestibule_schema::{Code, HealthResponse, HealthStatus, PasswordRules, SettingsResponse, WelcomeResponse};

use super::pages;
use crate::{
    App, HttpSettings, Readiness, WebApp,
    extract::DenyQuery,
    problem::{ApiError, ApiResult, ProblemCodes, Problems},
    response, web_app,
};

/// Get the name and version of the service
///
/// Returns the web app to a browser, which accepts `text/html`.
#[utoipa::path(
    tag = "service", operation_id = "getServiceInfo",
    responses((status = 200, body = WelcomeResponse, description = "The name, version and documentation paths"))
)]
#[get("/")]
pub(super) async fn service_info(request: HttpRequest, web_app: Data<dyn WebApp>) -> HttpResponse {
    if web_app::wants_page(&request) {
        return web_app::page(&request, &**web_app);
    }
    let mut info = response::ok(WelcomeResponse {
        message: "Hello World",
        name: "vestibule",
        version: env!("CARGO_PKG_VERSION"),
        docs: "/docs/",
        openapi: "/openapi.json",
    });
    web_app::vary(&mut info);
    info
}

/// Check that the process is running
#[utoipa::path(
    tag = "service", operation_id = "getLiveness",
    responses((status = 200, body = HealthResponse, description = "The process is running"))
)]
#[get("/health/live")]
pub(super) async fn live() -> HttpResponse {
    response::ok(HealthResponse {
        status: HealthStatus::Ok,
    })
}

/// The reason why the service is not ready.
struct NotReady(String);

impl From<NotReady> for ApiError {
    fn from(NotReady(reason): NotReady) -> Self {
        Self::unavailable(1).with_detail(reason)
    }
}

impl ProblemCodes for NotReady {
    fn codes() -> Vec<Code> {
        vec![Code::Unavailable]
    }
}

/// Check that the service is ready
///
/// The service is not ready while the database is unreachable, lacks a migration, or has settings with which it could
/// lose acknowledged writes.
#[utoipa::path(
    tag = "service", operation_id = "getReadiness",
    responses(
        (status = 200, body = HealthResponse, description = "The service is ready"),
        Problems<NotReady>
    )
)]
#[get("/health/ready")]
pub(super) async fn ready(readiness: Data<dyn Readiness>) -> ApiResult<HttpResponse> {
    readiness.check().await.map_err(NotReady)?;
    Ok(response::ok(HealthResponse {
        status: HealthStatus::Ok,
    }))
}

/// Get the description of a problem
///
/// The `type` of each problem is the URL of this page.
#[utoipa::path(
    tag = "service", operation_id = "getProblemType",
    params(("code" = String, Path, description = "The code of the problem", example = "email_taken")),
    responses(
        (status = 200, content_type = "text/html", body = String, description = "An HTML page about the problem")
    )
)]
#[get("/problems/{code}")]
pub(super) async fn problem_page(code: Path<String>) -> ApiResult<HttpResponse> {
    Code::ALL
        .iter()
        .find(|known| known.as_str() == code.as_str())
        .map(|code| pages::problem(*code))
        .ok_or_else(|| ApiError::new(Code::NotFound))
}

/// Get the public settings
///
/// Returns the settings that a web app needs before a user signs in. Requires no authentication.
#[utoipa::path(
    tag = "service", operation_id = "getSettings",
    responses((status = 200, body = SettingsResponse, description = "The public settings"))
)]
#[get("")]
pub(super) async fn app_settings(
    app: Data<App>,
    settings: Data<HttpSettings>,
    _: DenyQuery,
) -> ApiResult<HttpResponse> {
    Ok(response::ok(SettingsResponse {
        setup_required: setup::is_open(&app).await?,
        sign_up: app.policy.sign_up.into(),
        require_verified_email: app.policy.require_verified_email,
        password: PasswordRules {
            min_length: app.policy.password_min_length,
            max_length: Password::MAX_LENGTH,
        },
        mail: settings.mail,
        passkeys: app.passkeys.is_some(),
    }))
}
