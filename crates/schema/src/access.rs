//! What somebody may do, and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vestibule_domain::{
    Permission,
    users::{Access, SignInBlocker},
};

use crate::{name::PermissionNameForm, time};

/// What to explain.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessQuery {
    /// The permission in question.
    #[param(value_type = Option<PermissionNameForm>, example = "users:read")]
    pub permission: Option<String>,
}

/// What somebody may do, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Access, example = json!({
    "permission": "users:read", "granted": true, "roles": ["admin"],
    "sign_in": { "allowed": false, "reasons": [{ "code": "disabled", "until": null }] }
}))]
pub struct AccessResponse {
    /// The permission in question; `null` when none is.
    #[schema(required)]
    pub permission: Option<String>,
    /// Whether the user has it.
    pub granted: bool,
    /// The roles that give it.
    pub roles: Vec<String>,
    /// Whether the user can sign in now.
    pub sign_in: SignInResponse,
}

/// Whether somebody can sign in now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SignIn, example = json!({ "allowed": true, "reasons": [] }))]
pub struct SignInResponse {
    /// Whether nothing keeps the user from it.
    pub allowed: bool,
    /// What does.
    pub reasons: Vec<ObstacleResponse>,
}

/// What keeps somebody from signing in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SignInBlocker, example = json!({ "code": "too_many_attempts", "until": "2026-11-24T09:01:00.000000Z" }))]
pub struct ObstacleResponse {
    /// `disabled`, `email_not_verified`, `no_password`, or `too_many_attempts` for who comes from where the account knows
    /// nobody.
    pub code: &'static str,
    /// When it will be over by itself.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub until: Option<DateTime<Utc>>,
}

impl AccessResponse {
    /// Shows an explanation of this permission.
    #[must_use]
    pub fn new(permission: Option<&Permission>, access: Access) -> Self {
        let Access { roles, obstacles } = access;
        Self {
            permission: permission.map(ToString::to_string),
            granted: !roles.is_empty(),
            roles: roles.iter().map(ToString::to_string).collect(),
            sign_in: SignInResponse {
                allowed: obstacles.is_empty(),
                reasons: obstacles.into_iter().map(ObstacleResponse::from).collect(),
            },
        }
    }
}

impl From<SignInBlocker> for ObstacleResponse {
    fn from(obstacle: SignInBlocker) -> Self {
        let (code, until) = match obstacle {
            SignInBlocker::Disabled => ("disabled", None),
            SignInBlocker::EmailNotVerified => ("email_not_verified", None),
            SignInBlocker::NoPassword => ("no_password", None),
            SignInBlocker::TooManyAttempts { until } => ("too_many_attempts", Some(until)),
        };
        Self { code, until }
    }
}
