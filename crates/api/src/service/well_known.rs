//! Well-known URIs (RFC 8615).

use actix_web::{
    HttpResponse, get,
    http::header::{CACHE_CONTROL, ContentType, LOCATION},
    web::Data,
};
use vestibule_domain::PasskeysUnavailable;
use vestibule_schema::{JwksResponse, PasskeyEndpointsResponse, RelatedOriginsResponse};

use crate::{
    App, HttpSettings,
    problem::{ApiResult, Problems},
    response,
};

/// Clients cache the public keys for five minutes, so they learn a new key before it signs tokens.
const KEYS_MAX_AGE: &str = "public, max-age=300";

/// The page of the web app where users manage their password and passkeys.
const SECURITY_PAGE: &str = "/account/security";

/// Get the public keys of access tokens
///
/// Other services verify access tokens with these keys. The set is empty while tokens are signed with HMAC.
#[utoipa::path(
    tag = "service", operation_id = "getJwks",
    responses((status = 200, body = JwksResponse, description = "A JSON Web Key Set (RFC 7517)"))
)]
#[get("/.well-known/jwks.json")]
pub(super) async fn keys(settings: Data<HttpSettings>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header((CACHE_CONTROL, KEYS_MAX_AGE))
        .body(settings.jwks.clone())
}

/// Get the pages for passkeys
///
/// Password managers open them (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
#[utoipa::path(
    tag = "service", operation_id = "getPasskeyEndpoints",
    responses(
        (status = 200, body = PasskeyEndpointsResponse, description = "The URLs of the pages"),
        Problems<PasskeysUnavailable>
    )
)]
#[get("/.well-known/passkey-endpoints")]
pub(super) async fn passkey_endpoints(app: Data<App>, settings: Data<HttpSettings>) -> ApiResult<HttpResponse> {
    app.passkeys.as_ref().ok_or(PasskeysUnavailable)?;
    let page = format!("{}{SECURITY_PAGE}", settings.public_url);
    Ok(response::ok(PasskeyEndpointsResponse {
        enroll: page.clone(),
        manage: page,
    }))
}

/// Get the origins that may use the passkeys
///
/// Browsers read them for pages on other domains (Web Authentication Level 3, section 5.11).
#[utoipa::path(
    tag = "service", operation_id = "getRelatedOrigins",
    responses(
        (status = 200, body = RelatedOriginsResponse, description = "The origins"),
        Problems<PasskeysUnavailable>
    )
)]
#[get("/.well-known/webauthn")]
pub(super) async fn related_origins(app: Data<App>) -> ApiResult<HttpResponse> {
    let passkeys = app.passkeys.as_ref().ok_or(PasskeysUnavailable)?;
    Ok(response::ok(RelatedOriginsResponse {
        origins: passkeys.origins().to_vec(),
    }))
}

/// Redirect to the page to change the password
///
/// Password managers open it (W3C, "A Well-Known URL for Changing Passwords").
#[utoipa::path(
    tag = "service", operation_id = "changePasswordPage",
    responses((status = 302, description = "Redirect to the page", headers(
        ("Location" = String, description = "The path of the page")
    )))
)]
#[get("/.well-known/change-password")]
pub(super) async fn change_password() -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, SECURITY_PAGE)).finish()
}
