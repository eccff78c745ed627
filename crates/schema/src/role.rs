//! Roles and permissions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_domain::{Description, Permission, Role, RoleRow};

use crate::{
    name::{PermissionNameForm, RoleNameForm},
    patch::present,
    time,
};

/// A named set of permissions.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Role, example = json!({
    "id": "01933b1e-7c00-7000-8000-77aa0d1c2b3e",
    "name": "support",
    "description": "Helps people who cannot sign in",
    "permissions": ["sessions:revoke", "users:read"],
    "built_in": false,
    "created_at": "2026-11-24T09:00:00.000000Z",
    "updated_at": "2026-11-24T09:00:00.000000Z"
}))]
pub struct RoleResponse {
    /// The role's identifier, a UUID.
    pub id: Uuid,
    /// Its name, unique.
    #[schema(value_type = RoleNameForm)]
    pub name: String,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// What it permits, sorted. `admin` shows every built-in permission.
    #[schema(value_type = Vec<PermissionNameForm>)]
    pub permissions: Vec<String>,
    /// Whether it comes with every installation.
    pub built_in: bool,
    /// When it was made.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(serialize_with = "time::serialize")]
    pub updated_at: DateTime<Utc>,
}

impl From<Role> for RoleResponse {
    fn from(role: Role) -> Self {
        let Role {
            id,
            name,
            description,
            permissions,
            built_in,
            version: _,
            created_at,
            updated_at,
        } = role;
        Self {
            id: id.as_uuid(),
            name: name.to_string(),
            description: description.as_ref().map(Description::as_str).map(str::to_owned),
            permissions: permissions.names(),
            built_in,
            created_at,
            updated_at,
        }
    }
}

/// A role in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RoleRow)]
pub struct RoleRowResponse {
    /// The role.
    #[serde(flatten)]
    pub role: RoleResponse,
    /// How many users have it.
    pub user_count: u64,
}

impl From<RoleRow> for RoleRowResponse {
    fn from(row: RoleRow) -> Self {
        let RoleRow { role, user_count } = row;
        Self {
            role: role.into(),
            user_count,
        }
    }
}

/// A role to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "support",
    "description": "Helps people who cannot sign in",
    "permissions": ["sessions:revoke", "users:read"]
}))]
pub struct CreateRoleRequest {
    /// Its name.
    #[schema(value_type = RoleNameForm)]
    pub name: String,
    /// What it is for, 1 to 500 code points.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    pub description: Option<String>,
    /// What it permits; nothing when absent.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<PermissionNameForm>)]
    pub permissions: Vec<String>,
}

/// What to change of a role. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "permissions": ["users:read"] }))]
pub struct UpdateRoleRequest {
    /// Its name.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, value_type = Option<RoleNameForm>)]
    pub name: Option<String>,
    /// What it is for; `null` takes the text away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub description: Option<Option<String>>,
    /// What it permits.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, value_type = Option<Vec<PermissionNameForm>>)]
    pub permissions: Option<Vec<String>>,
}

/// Which roles to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRolesQuery {
    /// How many rows a page has at most, 1 to 200; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<String>,
    /// Where the page starts, from the `Link` of the page before.
    #[param(min_length = 1)]
    pub cursor: Option<String>,
}

/// A permission that roles can have.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Permission, example = json!({
    "name": "users:read", "description": "See any user", "built_in": true
}))]
pub struct PermissionResponse {
    /// Its name.
    #[schema(value_type = PermissionNameForm)]
    pub name: String,
    /// What it permits; unknown of those that other applications brought.
    #[schema(required)]
    pub description: Option<&'static str>,
    /// Whether it comes with every installation.
    pub built_in: bool,
}

impl PermissionResponse {
    /// Shows a permission; only a built-in one has a line about it.
    #[must_use]
    pub fn new(permission: &Permission, description: Option<&'static str>) -> Self {
        Self {
            name: permission.to_string(),
            description,
            built_in: description.is_some(),
        }
    }
}
