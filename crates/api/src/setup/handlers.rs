//! Creation of the first administrator.

use actix_web::{HttpResponse, post, web::Data};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use vestibule_domain::setup::{self, FirstAdministrator, SetupToken};
use vestibule_schema::{SetupRequest, UserResponse, WithNewPassword};

use crate::{
    App,
    extract::{Client, DenyQuery, Json, NotRateLimited},
    new_password::new_password,
    problem::{ApiResult, Problems},
    response,
};

/// Returns the path of the setup page. The token is in the fragment, so it reaches no log and no other server.
#[must_use]
pub fn setup_path(token: &SetupToken) -> String {
    format!("/setup#token={}", URL_SAFE_NO_PAD.encode(token.to_bytes()))
}

/// Create the first administrator
///
/// Requires the token of the link that the server prints at startup. Available until the first administrator exists.
/// Never promotes an existing account.
#[utoipa::path(
    tag = "service", operation_id = "completeSetup", request_body = SetupRequest,
    responses(
        (status = 201, body = UserResponse, description = "The created administrator", headers(
            ("Location" = String, description = "The path of the user"),
            ("ETag" = String, description = "The version of the user")
        )),
        Problems<(NotRateLimited, setup::SetupError)>
    )
)]
#[post("")]
pub(super) async fn complete(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    client: Client,
    body: Json<WithNewPassword<SetupRequest>>,
) -> ApiResult<HttpResponse> {
    let password = new_password(&app, body.0.password(), body.0.email());
    let (SetupRequest { token, email, .. }, password) = body.0.with_password(password)?;
    let first = FirstAdministrator { email, password };
    let user = setup::complete_with_token(&app, client.0, parse_token(&token).as_ref(), first).await?;
    Ok(response::created(
        format!("/api/users/{}", user.id),
        user.version,
        UserResponse::from(user),
    ))
}

fn parse_token(text: &str) -> Option<SetupToken> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    Some(SetupToken::from_bytes(bytes.try_into().ok()?))
}
