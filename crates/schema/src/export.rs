//! Everything that is stored about somebody.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{ListedEmail, account::Export};

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
    pub kind: String,
    /// Where it goes; `null` when it goes nowhere.
    #[schema(required)]
    pub address: Option<String>,
    /// When it was written.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
}

impl From<ListedEmail> for MailResponse {
    fn from(mail: ListedEmail) -> Self {
        Self {
            kind: mail.kind,
            address: mail.address,
            created_at: mail.created_at,
        }
    }
}

/// The members of [`ExportResponse`] that come before its lists. The lists may be long, and are written one part
/// after another.
#[derive(Debug, Clone, Serialize)]
pub struct ExportHead {
    user: UserResponse,
    #[serde(serialize_with = "time::optional::serialize")]
    last_sign_in_at: Option<DateTime<Utc>>,
    #[serde(serialize_with = "time::optional::serialize")]
    password_changed_at: Option<DateTime<Utc>>,
    pending_email: Option<String>,
}

impl From<Export> for ExportHead {
    fn from(export: Export) -> Self {
        let Export {
            user,
            last_sign_in_at,
            password_changed_at,
            pending_email,
        } = export;
        Self {
            user: user.into(),
            last_sign_in_at,
            password_changed_at,
            pending_email,
        }
    }
}
