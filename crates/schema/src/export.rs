//! Everything that is stored about somebody.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{Id, mail::Mail, session::Session, user::Export};

use crate::{AuditEventResponse, SessionResponse, UserResponse, time};

/// Everything that is stored about the user who asks, save what is secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Export, example = json!({
    "user": {
        "id": "01933b1e-7c00-7000-8000-000000000001", "email": "ada@example.com", "display_name": "Ada Lovelace",
        "status": "active", "email_verified": true, "roles": ["member"],
        "created_at": "2026-11-24T09:00:00.000000Z", "updated_at": "2026-11-24T09:00:00.000000Z"
    },
    "last_sign_in_at": "2026-11-24T09:00:00.000000Z",
    "password_changed_at": "2026-11-24T09:00:00.000000Z",
    "pending_email": null, "mails": [], "sessions": [], "audit_events": []
}))]
pub struct ExportResponse {
    /// The account.
    pub user: UserResponse,
    /// When the user last signed in.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// When the password was chosen; `null` without one.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub password_changed_at: Option<DateTime<Utc>>,
    /// The address that the user asked to change to and has not confirmed yet.
    #[schema(required)]
    pub pending_email: Option<String>,
    /// The mails that wait to be sent to the user, the newest first.
    pub mails: Vec<MailResponse>,
    /// All sessions that are remembered, the newest first; those that are over are forgotten some days
    /// later.
    pub sessions: Vec<SessionResponse>,
    /// What the user did and what was done to the user, the newest first. Who else did it, and from
    /// where, is left out.
    pub audit_events: Vec<AuditEventResponse>,
}

/// A mail that waits to be sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Mail, example = json!({
    "kind": "verify_email", "address": "ada@example.com", "created_at": "2026-11-24T09:00:00.000000Z"
}))]
pub struct MailResponse {
    /// What it tells.
    pub kind: &'static str,
    /// Where it goes; `null` when it goes nowhere.
    #[schema(required)]
    pub address: Option<String>,
    /// When it was written.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
}

impl From<Mail> for MailResponse {
    fn from(mail: Mail) -> Self {
        Self {
            kind: mail.kind.as_str(),
            address: mail.address,
            created_at: mail.created_at,
        }
    }
}

impl ExportResponse {
    /// Shows it to the user who is signed in by `current`.
    #[must_use]
    pub fn new(export: Export, current: Id<Session>) -> Self {
        let Export {
            user,
            last_sign_in_at,
            password_changed_at,
            pending_email,
            mails,
            sessions,
            events,
        } = export;
        let session = |session| SessionResponse::new(session, current);
        Self {
            user: user.into(),
            last_sign_in_at,
            password_changed_at,
            pending_email: pending_email.map(|email| email.as_str().to_owned()),
            mails: mails.into_iter().map(MailResponse::from).collect(),
            sessions: sessions.into_iter().map(session).collect(),
            audit_events: events.into_iter().map(AuditEventResponse::from).collect(),
        }
    }
}
