//! Sessions.

use chrono::{DateTime, TimeDelta, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_domain::{Device, Id, Session, SessionRow};

use crate::{ListQuery, RequestErrors, time};

/// A live session.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Session, example = json!({
    "id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
    "current": true,
    "created_at": "2026-11-24T09:00:00.000000Z",
    "last_used_at": "2026-11-24T09:30:00.000000Z",
    "expires_at": "2026-12-24T09:00:00.000000Z",
    "idle_expires_at": null,
    "user_agent": "curl/8.9.1",
    "ip_address": "127.0.0.1"
}))]
pub struct SessionResponse {
    /// The identifier of the session, which is the `sid` claim of its access tokens.
    pub id: Uuid,
    /// True for the session of the request.
    pub current: bool,
    /// The time of the sign-in.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
    /// The time of the last refresh, or of the sign-in if there was none. With an idle timeout, the approximate time of the
    /// last request.
    #[serde(serialize_with = "time::serialize")]
    pub last_used_at: DateTime<Utc>,
    /// The time when the session expires.
    #[serde(serialize_with = "time::serialize")]
    pub expires_at: DateTime<Utc>,
    /// The time when the session expires if it is not used; `null` without an idle timeout.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub idle_expires_at: Option<DateTime<Utc>>,
    /// The `User-Agent` of the sign-in.
    #[schema(required)]
    pub user_agent: Option<String>,
    /// The IP address of the sign-in.
    #[schema(required)]
    pub ip_address: Option<String>,
}

impl SessionResponse {
    /// Creates the view of a session for a caller whose own session is `current`.
    #[must_use]
    pub fn new(session: SessionRow, current: Id<Session>, idle_ttl: Option<TimeDelta>) -> Self {
        let SessionRow {
            id,
            user: _,
            created_at,
            last_used_at,
            expires_at,
            revoked_at: _,
            device: Device { user_agent, ip_address },
        } = session;
        Self {
            id: id.as_uuid(),
            current: id == current,
            created_at,
            last_used_at,
            expires_at,
            idle_expires_at: idle_ttl.map(|idle_ttl| (last_used_at + idle_ttl).min(expires_at)),
            user_agent,
            ip_address,
        }
    }
}

/// A list of sessions, which has no filters.
#[derive(Debug, Default, Deserr)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
pub struct ListSessionsQuery {}

impl ListQuery for ListSessionsQuery {
    type Filter = ();
    type Order = ();
    type Position = Id<Session>;

    fn into_criteria(self) -> ((), ()) {
        ((), ())
    }
}
