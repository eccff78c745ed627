//! Handlers for sessions, one's own and those of others.

use actix_web::{HttpRequest, HttpResponse, delete, get, web::Data};
use uuid::Uuid;
use vestibule_domain::{Id, Limit, Page, Session, SessionRow, User, sessions};
use vestibule_schema::{ListSessionsQuery, SessionResponse};

use crate::{
    App, answer,
    extract::{Auth, DenyQuery, PathId, Query, SessionsRead, SessionsRevoke, SignedIn},
    fields::Fields,
    page::{self, Scope},
    problem::ApiResult,
};

/// List one's sessions
///
/// There are at most 100: a further sign-in revokes the one that was used least recently. The `Link` header
/// leads to the next page.
#[utoipa::path(
    tag = "me", operation_id = "listOwnSessions", params(ListSessionsQuery),
    security(("password" = []), ("bearer" = [])),
    responses(
        (status = 200, body = [SessionResponse], description = "One page of the live ones, the newest first", headers(
            ("Link" = String, description = "The next page, `rel=\"next\"`; none on the last"),
            ("X-Total-Count" = u64, description = "How many live sessions there are, on the first page"),
            ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` beyond 10,000")
        )),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/me/sessions")]
pub(super) async fn list_own(
    app: Data<App>,
    caller: Auth<SignedIn>,
    query: Query<ListSessionsQuery>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let sessions = List::of(&app, caller.user.id);
    let (after, limit) = sessions.position(&query.0)?;
    let found = sessions::list(&app, &caller.actor(), after, limit).await?;
    Ok(sessions.page(&request, found, caller.session))
}

/// End one's other sessions
#[utoipa::path(
    tag = "me", operation_id = "deleteOtherSessions", security(("password" = []), ("bearer" = [])),
    responses(
        (status = 204, description = "All but the current one have ended"),
        (status = 404, description = "user_not_found")
    )
)]
#[delete("/me/sessions")]
pub(super) async fn end_others(app: Data<App>, caller: Auth<SignedIn>, _: DenyQuery) -> ApiResult<HttpResponse> {
    sessions::revoke_others(&app, &caller.actor()).await?;
    Ok(answer::no_content())
}

/// End one of one's sessions
#[utoipa::path(
    tag = "me", operation_id = "deleteOwnSession", security(("password" = []), ("bearer" = [])),
    params(("session_id" = Uuid, Path, description = "The session; the current one, too")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "session_not_found user_not_found")
    )
)]
#[delete("/me/sessions/{session_id}")]
pub(super) async fn end(
    app: Data<App>,
    caller: Auth<SignedIn>,
    _: DenyQuery,
    id: PathId<Session>,
) -> ApiResult<HttpResponse> {
    sessions::revoke(&app, &caller.actor(), id.0).await?;
    Ok(answer::no_content())
}

/// List the sessions of a user
///
/// The `Link` header leads to the next page.
#[utoipa::path(
    tag = "users", operation_id = "listUserSessions", security(("password" = []), ("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The user"), ListSessionsQuery),
    responses(
        (status = 200, body = [SessionResponse], description = "One page of the live ones, the newest first", headers(
            ("Link" = String, description = "The next page, `rel=\"next\"`; none on the last"),
            ("X-Total-Count" = u64, description = "How many live sessions the user has, on the first page"),
            ("X-Total-Count-Kind" = String, description = "`exact`, or `at_least` beyond 10,000")
        )),
        (status = 404, description = "user_not_found")
    )
)]
#[get("/{user_id}/sessions")]
pub(super) async fn list(
    app: Data<App>,
    caller: Auth<SessionsRead>,
    query: Query<ListSessionsQuery>,
    id: PathId<User>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let sessions = List::of(&app, id.0);
    let (after, limit) = sessions.position(&query.0)?;
    let found = sessions::list_for_user(&app, &caller.actor(), id.0, after, limit).await?;
    Ok(sessions.page(&request, found, caller.session))
}

/// End the sessions of a user
///
/// Needs every permission that the user has.
#[utoipa::path(
    tag = "users", operation_id = "deleteUserSessions", security(("password" = []), ("bearer" = [])),
    params(("user_id" = Uuid, Path, description = "The user")),
    responses(
        (status = 204, description = "All of them have ended"),
        (status = 404, description = "user_not_found")
    )
)]
#[delete("/{user_id}/sessions")]
pub(super) async fn end_all(
    app: Data<App>,
    caller: Auth<SessionsRevoke>,
    _: DenyQuery,
    id: PathId<User>,
) -> ApiResult<HttpResponse> {
    sessions::revoke_all(&app, &caller.actor(), id.0).await?;
    Ok(answer::no_content())
}

/// The list of the sessions of a user, to which its cursors are bound.
struct List<'a> {
    app: &'a App,
    user: String,
}

impl<'a> List<'a> {
    fn of(app: &'a App, user: Id<User>) -> Self {
        let user = user.to_string();
        Self { app, user }
    }

    fn scope(&self) -> Scope<'_> {
        Scope(vec!["sessions", &self.user])
    }

    /// Reads which page is wanted.
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
        let show = |session| SessionResponse::new(session, current);
        let rows: Vec<_> = found.rows.into_iter().map(show).collect();
        let seal = |last: Id<Session>| self.scope().seal(self.app.mac_keys.as_ref(), last.as_uuid().as_bytes());
        page::page(request, &rows, found.total, found.next.map(seal).as_deref())
    }
}
