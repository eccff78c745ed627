//! Sessions of the current user and of any user.

use actix_web::{HttpRequest, HttpResponse, delete, get, web::Data};
use uuid::Uuid;
use vestibule_domain::{
    Id, Limit, Page, Session, SessionRow, User,
    permission::{SessionsRead, SessionsRevoke},
    sessions,
};
use vestibule_schema::{ListSessionsQuery, SessionResponse};

use crate::{
    App,
    extract::{Auth, DenyQuery, PathId, Query, SignedIn},
    openapi::Problems,
    page::{self, Scope},
    problem::ApiResult,
    response,
    validation::Fields,
};

/// List your sessions
///
/// A user has at most 100 live sessions: one more sign-in revokes the least recently used one. The `Link` header points
/// to the next page.
#[utoipa::path(
    tag = "me", operation_id = "listOwnSessions", params(ListSessionsQuery),
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
    query: Query<ListSessionsQuery>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let pages = SessionPages::new(&app, auth.user.id);
    let (after, limit) = pages.position(&query.0)?;
    let found = sessions::list(&app, &auth.actor(), after, limit).await?;
    Ok(pages.page(&request, found, auth.session))
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
    params(("user_id" = Uuid, Path, description = "The identifier of the user"), ListSessionsQuery),
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
    query: Query<ListSessionsQuery>,
    id: PathId<User>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let pages = SessionPages::new(&app, id.0);
    let (after, limit) = pages.position(&query.0)?;
    let found = sessions::list_for_user(&app, &auth.actor(), id.0, after, limit).await?;
    Ok(pages.page(&request, found, auth.session))
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

/// Paging through the sessions of one user, to which the cursors are bound.
struct SessionPages<'a> {
    app: &'a App,
    user: String,
}

impl<'a> SessionPages<'a> {
    fn new(app: &'a App, user: Id<User>) -> Self {
        let user = user.to_string();
        Self { app, user }
    }

    fn scope(&self) -> Scope<'_> {
        Scope(vec!["sessions", &self.user])
    }

    /// Parses the position and the size of the requested page.
    fn position(&self, query: &ListSessionsQuery) -> ApiResult<(Option<Id<Session>>, Limit)> {
        let mut fields = Fields::default();
        let limit = fields.parameter("limit", page::limit(query.limit.as_deref()));
        let open = |cursor: &String| self.scope().open(self.app.mac_keys.as_ref(), cursor);
        let opened = fields.parameter("cursor", query.cursor.as_ref().map(open).transpose());
        let (opened, limit) = fields.finish(opened.zip(limit))?;
        let id = opened.and_then(|bytes| Uuid::from_slice(&bytes).ok());
        Ok((id.map(Id::from_uuid), limit))
    }

    fn page(&self, request: &HttpRequest, found: Page<SessionRow, Id<Session>>, current: Id<Session>) -> HttpResponse {
        let to_response = |session| SessionResponse::new(session, current);
        let rows: Vec<_> = found.rows.into_iter().map(to_response).collect();
        let seal = |last: Id<Session>| self.scope().seal(self.app.mac_keys.as_ref(), last.as_uuid().as_bytes());
        page::page(request, &rows, found.total, found.next.map(seal).as_deref())
    }
}
