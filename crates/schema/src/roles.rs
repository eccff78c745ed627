//! Roles and permissions.

use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_domain::{
    Description, Patch, Permission, Permissions, Position, Role, RoleName, RoleRow,
    roles::{NewRole, RoleChanges},
};

use crate::{
    ListQuery, RequestErrors,
    name::{PermissionNameForm, RoleNameForm},
    time,
};

/// A named set of permissions.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Role, example = json!({
    "id": "01933b1e-7c00-7000-8000-77aa0d1c2b3e",
    "name": "support",
    "description": "Helps people who cannot sign in",
    "permissions": ["sessions:revoke", "users:read"],
    "requires_second_factor": false,
    "built_in": false,
    "created_at": "2026-11-24T09:00:00.000000Z",
    "updated_at": "2026-11-24T09:00:00.000000Z"
}))]
pub struct RoleResponse {
    /// The identifier of the role, a version 7 UUID.
    pub id: Uuid,
    /// The unique name of the role.
    #[schema(value_type = RoleNameForm)]
    pub name: String,
    /// The purpose of the role.
    #[schema(required)]
    pub description: Option<String>,
    /// The names of the permissions, sorted. For `admin`, every built-in permission.
    #[schema(value_type = Vec<PermissionNameForm>)]
    pub permissions: Vec<String>,
    /// True if the permissions are in force only for users with a second factor.
    pub requires_second_factor: bool,
    /// True for built-in roles.
    pub built_in: bool,
    /// The time of creation.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
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
            requires_second_factor,
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
            requires_second_factor,
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
    /// The number of users with this role.
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

/// A role to create.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "support",
    "description": "Helps people who cannot sign in",
    "permissions": ["sessions:revoke", "users:read"]
}))]
pub struct CreateRoleRequest {
    /// The unique name of the role.
    #[schema(value_type = RoleNameForm)]
    pub name: RoleName,
    /// The purpose of the role, 1 to 500 code points.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub description: Option<Description>,
    /// The names of the permissions; none by default.
    #[deserr(default = Permissions::none())]
    #[schema(required = false, value_type = Vec<PermissionNameForm>)]
    pub permissions: Permissions,
    /// True if the permissions are in force only for users with a second factor; false by default.
    #[deserr(default)]
    #[schema(required = false)]
    pub requires_second_factor: bool,
}

impl From<CreateRoleRequest> for NewRole {
    fn from(request: CreateRoleRequest) -> Self {
        let CreateRoleRequest {
            name,
            description,
            permissions,
            requires_second_factor,
        } = request;
        Self {
            name,
            description,
            permissions,
            requires_second_factor,
        }
    }
}

/// Changes to a role. Absent members are unchanged.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "permissions": ["users:read"] }))]
pub struct UpdateRoleRequest {
    /// The unique name of the role.
    #[deserr(default, from(RoleName) = Some)]
    #[schema(nullable = false, value_type = Option<RoleNameForm>)]
    pub name: Option<RoleName>,
    /// The purpose of the role, 1 to 500 code points; `null` removes it.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub description: Patch<Description>,
    /// The names of the permissions. All other permissions are removed from the role.
    #[deserr(default, from(Permissions) = Some)]
    #[schema(nullable = false, value_type = Option<Vec<PermissionNameForm>>)]
    pub permissions: Option<Permissions>,
    /// True if the permissions are in force only for users with a second factor. For `admin`, this is the only change
    /// that is allowed, and only an administrator with a second factor can require one.
    #[deserr(default, from(bool) = Some)]
    #[schema(nullable = false)]
    pub requires_second_factor: Option<bool>,
}

impl From<UpdateRoleRequest> for RoleChanges {
    fn from(request: UpdateRoleRequest) -> Self {
        let UpdateRoleRequest {
            name,
            description,
            permissions,
            requires_second_factor,
        } = request;
        Self {
            name,
            description,
            permissions,
            requires_second_factor,
        }
    }
}

/// A list of roles, which has no filters.
#[derive(Debug, Default, Deserr)]
#[deserr(error = RequestErrors, deny_unknown_fields)]
pub struct ListRolesQuery {}

impl ListQuery for ListRolesQuery {
    type Filter = ();
    type Order = ();
    type Position = Position<Role>;

    fn into_criteria(self) -> ((), ()) {
        ((), ())
    }
}

/// A permission.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Permission, example = json!({
    "name": "users:read", "description": "See any user", "built_in": true
}))]
pub struct PermissionResponse {
    /// The name of the permission.
    #[schema(value_type = PermissionNameForm)]
    pub name: String,
    /// A short description; `null` for permissions of other applications.
    #[schema(required)]
    pub description: Option<&'static str>,
    /// True for built-in permissions.
    pub built_in: bool,
}

impl PermissionResponse {
    /// Creates a row of the list. A permission is built in if it has a description.
    #[must_use]
    pub fn new(permission: &Permission, description: Option<&'static str>) -> Self {
        Self {
            name: permission.to_string(),
            description,
            built_in: description.is_some(),
        }
    }
}
