//! The account of the current user.

use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_domain::{
    CurrentPermissions, DisplayName, EmailAddress, EmailKind, ListedEmail, Patch, User, account::Export,
};

use crate::{
    AuditEventResponse, FactorsResponse, RequestErrors, SessionResponse, SetsPassword, UserResponse,
    name::{PermissionNameForm, names_schema, open_names},
    time,
};

/// The current user.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MeResponse {
    /// The user.
    #[serde(flatten)]
    pub user: UserResponse,
    /// The names of the user's permissions that are in force, sorted. For `admin`, every built-in permission.
    #[schema(value_type = Vec<PermissionNameForm>)]
    pub permissions: Vec<String>,
    /// The new email address, if a change is pending confirmation.
    #[schema(required)]
    pub pending_email: Option<String>,
    /// True if a role of the user requires a second factor, which the user does not have. The permissions of the role are
    /// not in force until then.
    pub second_factor_enrolment_required: bool,
}

impl MeResponse {
    /// Creates the view that users have of themselves.
    #[must_use]
    pub fn new(user: User, permissions: &CurrentPermissions, pending_email: Option<String>) -> Self {
        Self {
            user: user.into(),
            permissions: permissions.in_force.names(),
            pending_email,
            second_factor_enrolment_required: permissions.withheld.is_some(),
        }
    }
}

/// Changes to the current user. Absent members are unchanged.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "display_name": "Ada King" }))]
pub struct UpdateMeRequest {
    /// The display name, 1 to 200 code points; `null` removes it.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub display_name: Patch<DisplayName>,
}

/// A change of the current user's password.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current_password": "correct horse battery", "new_password": "staple remembered twice" }))]
pub struct ChangePasswordRequest {
    /// The current password. Optional shortly after a sign-in or another proof of identity, as for `step_up_required`.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false)]
    pub current_password: Option<String>,
    /// The new password, 8 to 128 code points, not a common password.
    #[schema(min_length = 8, max_length = 128)]
    pub new_password: String,
}

impl SetsPassword for ChangePasswordRequest {
    const PASSWORD: &'static str = "new_password";
}

/// A request to change the email address of the current user.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "new_email": "ada.king@example.com", "current_password": "correct horse battery" }))]
pub struct ChangeEmailRequest {
    /// The new email address, at most 254 bytes. It replaces the current one when confirmed.
    #[schema(value_type = String, format = "email", max_length = 254)]
    pub new_email: EmailAddress,
    /// The current password. Optional shortly after a sign-in or another proof of identity, as for `step_up_required`.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false)]
    pub current_password: Option<String>,
}

/// The deletion of the current account.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current_password": "correct horse battery" }))]
pub struct DeleteMeRequest {
    /// The current password. Optional shortly after a sign-in or another proof of identity, as for `step_up_required`.
    #[deserr(default, from(String) = Some)]
    #[schema(nullable = false)]
    pub current_password: Option<String>,
}

/// The confirmation of an email change.
#[derive(Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "01933b1e7c0070008000000000000000.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct ConfirmEmailChangeRequest {
    /// The token from the link.
    pub token: String,
}

/// All data stored about the current user, except secrets.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Export, example = json!({
    "user": {
        "id": "01933b1e-7c00-7000-8000-000000000001", "email": "ada@example.com", "display_name": "Ada Lovelace",
        "status": "active", "email_verified": true, "roles": ["member"],
        "created_at": "2026-11-24T09:00:00.000000Z", "updated_at": "2026-11-24T09:00:00.000000Z"
    },
    "last_sign_in_at": "2026-11-24T09:00:00.000000Z",
    "password_changed_at": "2026-11-24T09:00:00.000000Z",
    "pending_email": null,
    "factors": {
        "password": { "set": true, "changed_at": "2026-11-24T09:00:00.000000Z" },
        "totp": null, "recovery_codes": null, "passkeys": [], "required_by": [],
        "rp_id": "localhost", "user_handle": "AZM7HnwAcACAAAAAAAAAAQ"
    },
    "mails": [], "sessions": [], "audit_events": []
}))]
pub struct ExportResponse {
    /// The user.
    pub user: UserResponse,
    /// The time of the last sign-in.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// The time when the password was set; `null` without a password.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub password_changed_at: Option<DateTime<Utc>>,
    /// The new email address, if a change is pending confirmation.
    #[schema(required)]
    pub pending_email: Option<String>,
    /// The factors, without secrets.
    pub factors: FactorsResponse,
    /// Emails to the user that have not been sent yet, newest first.
    pub mails: Vec<MailResponse>,
    /// All stored sessions, newest first. Revoked and expired sessions are deleted after some days.
    pub sessions: Vec<SessionResponse>,
    /// Events with the user as actor or target, newest first, without data about other actors.
    pub audit_events: Vec<AuditEventResponse>,
}

/// An email that has not been sent yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Mail, example = json!({
    "kind": "verify_email", "address": "ada@example.com", "created_at": "2026-11-24T09:00:00.000000Z"
}))]
pub struct MailResponse {
    /// The kind of the email.
    #[schema(schema_with = open_names::<EmailKindName>)]
    pub kind: String,
    /// The recipient; `null` if the email will not be sent.
    #[schema(required)]
    pub address: Option<String>,
    /// The time when the email was queued.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
}

names_schema!(
    /// A kind of email.
    pub EmailKindName as "EmailKind" = EmailKind::ALL.iter().map(|kind| kind.as_str())
);

impl From<ListedEmail> for MailResponse {
    fn from(email: ListedEmail) -> Self {
        Self {
            kind: email.kind,
            address: email.address,
            created_at: email.created_at,
        }
    }
}

/// The members of [`ExportResponse`] before its lists, which are streamed because they may be long.
#[derive(Debug, Clone, Serialize)]
pub struct ExportHead {
    user: UserResponse,
    #[serde(serialize_with = "time::optional::serialize")]
    last_sign_in_at: Option<DateTime<Utc>>,
    #[serde(serialize_with = "time::optional::serialize")]
    password_changed_at: Option<DateTime<Utc>>,
    pending_email: Option<String>,
    factors: FactorsResponse,
}

impl ExportHead {
    /// Creates the view of an export.
    #[must_use]
    pub fn new(export: Export, rp_id: Option<&str>) -> Self {
        let Export {
            user,
            last_sign_in_at,
            password_changed_at,
            pending_email,
            factors,
        } = export;
        Self {
            factors: FactorsResponse::new(user.id, factors, rp_id),
            user: user.into(),
            last_sign_in_at,
            password_changed_at,
            pending_email,
        }
    }
}
