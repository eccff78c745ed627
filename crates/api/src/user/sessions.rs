//! Handlers for sessions, one's own and those of others.

use actix_web::{HttpResponse, delete, get, web::Data};
use vestibule_domain::{
    Id,
    session::{self, Session},
    user::User,
};
use vestibule_schema::SessionResponse;

use crate::{
    App, answer,
    extract::{Caller, NoQuery, PathId, SessionsRead, SessionsRevoke, SignedIn},
    problem::ApiResult,
};

/// List one's sessions
#[utoipa::path(
    tag = "me", operation_id = "listMySessions", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 200, body = [SessionResponse], description = "The live ones, the newest first"),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/me/sessions")]
pub(super) async fn list_own(app: Data<App>, caller: Caller<SignedIn>, _: NoQuery) -> ApiResult<HttpResponse> {
    let sessions = session::list(&app, &caller.actor()).await?;
    Ok(answer::ok(rows(sessions, caller.session)))
}

/// End one's other sessions
#[utoipa::path(
    tag = "me", operation_id = "endMyOtherSessions", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "All but the current one have ended"),
        (status = 404, description = "user_not_found")
    )
)]
#[delete("/me/sessions")]
pub(super) async fn end_others(app: Data<App>, caller: Caller<SignedIn>, _: NoQuery) -> ApiResult<HttpResponse> {
    session::end_others(&app, &caller.actor()).await?;
    Ok(answer::no_content())
}

/// End one of one's sessions
#[utoipa::path(
    tag = "me", operation_id = "endMySession", security(("password" = []), ("bearer" = [])),
    params(("session_id" = Uuid, Path, description = "The session; the current one, too")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "session_not_found user_not_found")
    )
)]
#[delete("/me/sessions/{session_id}")]
pub(super) async fn end(
    app: Data<App>,
    caller: Caller<SignedIn>,
    _: NoQuery,
    id: PathId<Session>,
) -> ApiResult<HttpResponse> {
    session::end(&app, &caller.actor(), id.0).await?;
    Ok(answer::no_content())
}

/// List the sessions of a user
#[utoipa::path(
    tag = "users", operation_id = "listSessions", security(("password" = []), ("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The user")),
    responses(
        (status = 200, body = [SessionResponse], description = "The live ones, the newest first"),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/{user_id}/sessions")]
pub(super) async fn list(
    app: Data<App>,
    caller: Caller<SessionsRead>,
    _: NoQuery,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    let sessions = session::list_of_user(&app, &caller.actor(), id.0).await?;
    Ok(answer::ok(rows(sessions, caller.session)))
}

/// End the sessions of a user
///
/// Needs every permission that the user has.
#[utoipa::path(
    tag = "users", operation_id = "endSessions", security(("password" = []), ("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The user")),
    responses(
        (status = 204, description = "All of them have ended"),
        (status = 404, description = "user_not_found")
    )
)]
#[delete("/{user_id}/sessions")]
pub(super) async fn end_all(
    app: Data<App>,
    caller: Caller<SessionsRevoke>,
    _: NoQuery,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    session::end_of_user(&app, &caller.actor(), id.0).await?;
    Ok(answer::no_content())
}

fn rows(sessions: Vec<Session>, current: Id<Session>) -> Vec<SessionResponse> {
    sessions
        .into_iter()
        .map(|session| SessionResponse::new(session, current))
        .collect()
}
