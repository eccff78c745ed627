//! Sessions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_domain::{Device, Id, Session, SessionRow};

use crate::time;

/// A live session.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Session, example = json!({
    "id": "01933b1e-7c00-7000-8000-5a1d5f3f7a10",
    "current": true,
    "created_at": "2026-11-24T09:00:00.000000Z",
    "last_used_at": "2026-11-24T09:30:00.000000Z",
    "expires_at": "2026-12-24T09:00:00.000000Z",
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
    /// The time of the last refresh, or of the sign-in if there was none.
    #[serde(serialize_with = "time::serialize")]
    pub last_used_at: DateTime<Utc>,
    /// The time when the session expires.
    #[serde(serialize_with = "time::serialize")]
    pub expires_at: DateTime<Utc>,
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
    pub fn new(session: SessionRow, current: Id<Session>) -> Self {
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
            user_agent,
            ip_address,
        }
    }
}

/// The page of a list of sessions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSessionsQuery {
    /// The maximum number of rows of a page, 1 to 200; 50 by default.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<String>,
    /// The position of the page, from the `Link` header of the previous page.
    #[param(min_length = 1)]
    pub cursor: Option<String>,
}
