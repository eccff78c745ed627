//! Sessions of the current user and of any user.

use actix_web::{HttpResponse, delete, get, web::Data};
use vestibule_domain::{
    Session, User,
    permission::{SessionsRead, SessionsRevoke},
    sessions,
};
use vestibule_schema::{ListSessionsQuery, PageQuery, SessionResponse};

use crate::{
    App,
    extract::{Auth, DenyQuery, List, PathId, SignedIn},
    problem::{ApiResult, Problems},
    response,
};

/// List your sessions
///
/// A user has at most 100 live sessions: one more sign-in revokes the least recently used one. The `Link` header points
/// to the next page.
#[utoipa::path(
    tag = "me", operation_id = "listOwnSessions", params(PageQuery),
    responses(
        (status = 200, body = [SessionResponse], description = "One page of live sessions, newest first", headers(
            ("Link" = String, description = "The path of the next page, with `rel=\"next\"`; absent on the last page"),
            ("X-Total-Count" = u64, description = "The number of live sessions; on the first page only"),
            ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` above 10,000")
        )),
        Problems<Auth<SignedIn>>
    )
)]
#[get("/me/sessions")]
pub(crate) async fn list_own(
    app: Data<App>,
    auth: Auth<SignedIn>,
    query: List<ListSessionsQuery>,
) -> ApiResult<HttpResponse> {
    let found = sessions::list(&app, &auth.actor(), &query.request).await?;
    Ok(query.page(found, |session| {
        SessionResponse::new(session, auth.session, app.policy.session_idle_ttl)
    }))
}

/// Revoke your other sessions
#[utoipa::path(
    tag = "me", operation_id = "deleteOtherSessions",
    responses(
        (status = 204, description = "All sessions except the current one are revoked"),
        Problems<Auth<SignedIn>>
    )
)]
#[delete("/me/sessions")]
pub(crate) async fn revoke_others(app: Data<App>, auth: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    sessions::revoke_others(&app, &auth.actor()).await?;
    Ok(response::no_content())
}

/// Revoke one of your sessions
#[utoipa::path(
    tag = "me", operation_id = "deleteOwnSession",
    params(("session_id" = Uuid, Path, description = "The identifier of the session, which may be the current one")),
    responses(
        (status = 204, description = "The session is revoked"),
        Problems<Auth<SignedIn>>
    )
)]
#[delete("/me/sessions/{session_id}")]
pub(crate) async fn revoke(
    app: Data<App>,
    auth: Auth<SignedIn>,
    _: DenyQuery,
    id: PathId<Session>,
) -> ApiResult<HttpResponse> {
    sessions::revoke(&app, &auth.actor(), id.0).await?;
    Ok(response::no_content())
}

/// List the sessions of a user
///
/// The `Link` header points to the next page.
#[utoipa::path(
    tag = "users", operation_id = "listUserSessions",
    params(("user_id" = Uuid, Path, description = "The identifier of the user"), PageQuery),
    responses(
        (status = 200, body = [SessionResponse], description = "One page of live sessions, newest first", headers(
            ("Link" = String, description = "The path of the next page, with `rel=\"next\"`; absent on the last page"),
            ("X-Total-Count" = u64, description = "The number of live sessions; on the first page only"),
            ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` above 10,000")
        )),
        Problems<Auth<SessionsRead>>
    )
)]
#[get("/{user_id}/sessions")]
pub(crate) async fn list(
    app: Data<App>,
    auth: Auth<SessionsRead>,
    query: List<ListSessionsQuery>,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    let found = sessions::list_for_user(&app, &auth.actor(), id.0, &query.request).await?;
    Ok(query.page(found, |session| {
        SessionResponse::new(session, auth.session, app.policy.session_idle_ttl)
    }))
}

/// Revoke the sessions of a user
///
/// Requires every permission that the user has.
#[utoipa::path(
    tag = "users", operation_id = "deleteUserSessions",
    params(("user_id" = Uuid, Path, description = "The identifier of the user")),
    responses(
        (status = 204, description = "All sessions of the user are revoked"),
        Problems<Auth<SessionsRevoke>>
    )
)]
#[delete("/{user_id}/sessions")]
pub(crate) async fn revoke_all(
    app: Data<App>,
    auth: Auth<SessionsRevoke>,
    _: DenyQuery,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    sessions::revoke_all(&app, &auth.actor(), id.0).await?;
    Ok(response::no_content())
}
