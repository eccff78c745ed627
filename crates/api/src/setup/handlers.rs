//! The handler of setup.

use actix_web::{HttpResponse, post, web::Data};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use vestibule_domain::{
    EmailAddress, passwords,
    setup::{self, FirstAdministrator, SetupToken},
};
use vestibule_schema::{SetupRequest, UserResponse};

use crate::{
    App, answer,
    extract::{Client, DenyQuery, Json, NotRateLimited},
    fields::Fields,
    problem::ApiResult,
};

/// The path of the web app's page for setup. The token stands in the fragment, so that it reaches no log
/// and no other server.
#[must_use]
pub fn setup_path(token: &SetupToken) -> String {
    format!("/setup#token={}", URL_SAFE_NO_PAD.encode(token.to_bytes()))
}

/// Make the first administrator
///
/// It needs the token in the link that the server prints at its start, until somebody has been an
/// administrator. An account that exists is never made one by this.
#[utoipa::path(
    tag = "service", operation_id = "completeSetup",
    responses(
        (status = 201, body = UserResponse, description = "The administrator", headers(
            ("Location" = String, description = "The path of the user"),
            ("ETag" = String, description = "Its version")
        )),
        (status = 400, description = "malformed_json invalid_token email_taken"),
        (status = 410, description = "gone"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("")]
pub(super) async fn set_up(
    app: Data<App>,
    _: NotRateLimited,
    _: DenyQuery,
    origin: Client,
    body: Json<SetupRequest>,
) -> ApiResult<HttpResponse> {
    let SetupRequest { token, email, password } = body.0;
    let first = first_administrator(&app, &email, &password)?;
    let user = setup::complete_with_token(&app, origin.0, read_token(&token).as_ref(), first).await?;
    Ok(answer::created(
        format!("/api/users/{}", user.id),
        user.version,
        UserResponse::from(user),
    ))
}

fn first_administrator(app: &App, email: &str, password: &str) -> ApiResult<FirstAdministrator> {
    let mut fields = Fields::default();
    let email = fields.pointer("/email", EmailAddress::parse(email));
    let password = fields.pointer(
        "/password",
        passwords::validate_new_password(app, password, email.as_ref()),
    );
    let first = email
        .zip(password)
        .map(|(email, password)| FirstAdministrator { email, password });
    fields.finish(first)
}

fn read_token(text: &str) -> Option<SetupToken> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    Some(SetupToken::from_bytes(bytes.try_into().ok()?))
}
