//! Handlers for changing one's own address.

use actix_web::{HttpResponse, delete, post, web::Data};
use vestibule_domain::{
    EmailAddress,
    account::{cancel_email_change, request_email_change},
};
use vestibule_schema::ChangeEmailRequest;

use crate::{
    App, answer,
    attempt::run_attempt,
    extract::{Auth, DenyQuery, Json, SignedIn},
    fields::Fields,
    problem::ApiResult,
};

/// Ask for another address
///
/// It takes effect once it is confirmed by the link that is mailed to it, for 30 minutes. The answer is the
/// same when somebody else has the address; then there is no link.
#[utoipa::path(
    tag = "me", operation_id = "requestEmailChange", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 202, description = "It waits to be confirmed"),
        (status = 404, description = "user_not_found"),
        (status = 429, description = "too_many_requests")
    )
)]
#[post("/me/email")]
pub(super) async fn request_change(
    app: Data<App>,
    caller: Auth<SignedIn>,
    _: DenyQuery,
    body: Json<ChangeEmailRequest>,
) -> ApiResult<HttpResponse> {
    let ChangeEmailRequest {
        new_email,
        current_password,
    } = &body.0;
    let mut fields = Fields::default();
    let new = fields.pointer("/new_email", EmailAddress::parse(new_email));
    let new = fields.finish(new)?;
    let actor = caller.actor();
    run_attempt(current_password, |current| async move {
        request_email_change(&app, &actor, new, current).await
    })
    .await?;
    Ok(answer::accepted())
}

/// Keep one's address
///
/// The link that was mailed to another one leads nowhere any more.
#[utoipa::path(
    tag = "me", operation_id = "cancelEmailChange", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "No change waits to be confirmed"),
        (status = 404, description = "user_not_found")
    )
)]
#[delete("/me/email")]
pub(super) async fn cancel_change(app: Data<App>, caller: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    cancel_email_change(&app, &caller.actor()).await?;
    Ok(answer::no_content())
}
