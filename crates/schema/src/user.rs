//! Users.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_domain::{DisplayName, Permissions, RoleName, Status, User, UserRow};

use crate::{
    name::{PermissionNameForm, RoleNameForm, UserSort},
    patch::present,
    time,
};

/// Whether a user may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Status)]
pub enum StatusName {
    /// The user may sign in.
    Active,
    /// The user may not.
    Disabled,
}

impl From<Status> for StatusName {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            // Whatever else it means, the user may not sign in.
            Status::Disabled | Status::Other(_) => Self::Disabled,
        }
    }
}

impl From<StatusName> for Status {
    fn from(status: StatusName) -> Self {
        match status {
            StatusName::Active => Self::Active,
            StatusName::Disabled => Self::Disabled,
        }
    }
}

/// Somebody with an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = User, example = json!({
    "id": "01933b1e-7c00-7000-8000-2f6e4a1b9c3d",
    "email": "ada@example.com",
    "display_name": "Ada Lovelace",
    "status": "active",
    "email_verified": false,
    "roles": ["member"],
    "created_at": "2026-11-24T09:00:00.000000Z",
    "updated_at": "2026-11-24T09:00:00.000000Z"
}))]
pub struct UserResponse {
    /// The user's identifier, a version 7 UUID.
    pub id: Uuid,
    /// The address to sign in with, as it was typed.
    pub email: String,
    /// The name to show.
    #[schema(required)]
    pub display_name: Option<String>,
    /// Whether the user may sign in.
    pub status: StatusName,
    /// Whether the user has shown to own the address.
    pub email_verified: bool,
    /// The names of the user's roles, sorted.
    #[schema(value_type = Vec<RoleNameForm>)]
    pub roles: Vec<String>,
    /// When the account was made.
    #[serde(serialize_with = "time::serialize")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(serialize_with = "time::serialize")]
    pub updated_at: DateTime<Utc>,
}

impl From<User> for UserResponse {
    fn from(user: User) -> Self {
        let User {
            id,
            email,
            display_name,
            status,
            email_verified,
            roles,
            version: _,
            created_at,
            updated_at,
        } = user;
        Self {
            id: id.as_uuid(),
            email: email.as_str().to_owned(),
            display_name: display_name.as_ref().map(DisplayName::as_str).map(str::to_owned),
            status: status.into(),
            email_verified,
            roles: roles.iter().map(RoleName::to_string).collect(),
            created_at,
            updated_at,
        }
    }
}

/// A user in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = UserRow)]
pub struct UserRowResponse {
    /// The user.
    #[serde(flatten)]
    pub user: UserResponse,
    /// When the user last signed in.
    #[serde(serialize_with = "time::optional::serialize")]
    #[schema(required)]
    pub last_sign_in_at: Option<DateTime<Utc>>,
}

impl From<UserRow> for UserRowResponse {
    fn from(row: UserRow) -> Self {
        let UserRow { user, last_sign_in_at } = row;
        Self {
            user: user.into(),
            last_sign_in_at,
        }
    }
}

/// The user who asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MeResponse {
    /// The user.
    #[serde(flatten)]
    pub user: UserResponse,
    /// What the user may do now, sorted. `admin` shows every built-in permission.
    #[schema(value_type = Vec<PermissionNameForm>)]
    pub permissions: Vec<String>,
    /// The address that the user asked to change to and has not confirmed yet.
    #[schema(required)]
    pub pending_email: Option<String>,
}

impl MeResponse {
    /// Shows a user to itself.
    #[must_use]
    pub fn new(user: User, permissions: &Permissions, pending_email: Option<String>) -> Self {
        Self {
            user: user.into(),
            permissions: permissions.names(),
            pending_email,
        }
    }
}

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "email": "ada@example.com", "password": "correct horse battery", "display_name": "Ada Lovelace"
}))]
pub struct CreateUserRequest {
    /// The address to sign in with, at most 254 bytes.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// The password to sign in with, 8 to 128 code points and not a common one. With `users:create` it may be
    /// absent: then the person gets a link to choose it.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, format = "password", min_length = 8, max_length = 128)]
    pub password: Option<String>,
    /// The name to show, 1 to 200 code points.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    pub display_name: Option<String>,
    /// The names of the roles to give; `member` when absent. Needs `users:create` and `roles:assign`.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, value_type = Option<Vec<RoleNameForm>>)]
    pub roles: Option<Vec<String>>,
}

/// What to change of a user. What is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "disabled" }))]
pub struct UpdateUserRequest {
    /// The name to show; `null` takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub display_name: Option<Option<String>>,
    /// Whether the user may sign in. Disabling ends the user's sessions.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub status: Option<StatusName>,
    /// The address to sign in with.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false, format = "email", max_length = 254)]
    pub email: Option<String>,
    /// Whether the user has shown to own the address. A new address is unverified when this is absent.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    pub email_verified: Option<bool>,
}

/// What to change of oneself. What is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "display_name": "Ada King" }))]
pub struct UpdateMeRequest {
    /// The name to show; `null` takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub display_name: Option<Option<String>>,
}

/// The roles that a user is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "roles": ["member"] }))]
pub struct AssignRolesRequest {
    /// Their names; all others are taken away.
    #[schema(value_type = Vec<RoleNameForm>)]
    pub roles: Vec<String>,
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current_password": "correct horse battery", "new_password": "staple remembered twice" }))]
pub struct ChangePasswordRequest {
    /// The password until now.
    #[schema(format = "password")]
    pub current_password: String,
    /// The one from now on, 8 to 128 code points and not a common one.
    #[schema(format = "password", min_length = 8, max_length = 128)]
    pub new_password: String,
}

/// A wish for another address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "new_email": "ada.king@example.com", "current_password": "correct horse battery" }))]
pub struct ChangeEmailRequest {
    /// The address to sign in with from the confirmation on, at most 254 bytes.
    #[schema(format = "email", max_length = 254)]
    pub new_email: String,
    /// The password.
    #[schema(format = "password")]
    pub current_password: String,
}

/// The removal of one's own account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current_password": "correct horse battery" }))]
pub struct DeleteMeRequest {
    /// The password.
    #[schema(format = "password")]
    pub current_password: String,
}

/// Which users to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListUsersQuery {
    /// The start of an address or of a word of a name, in any case. Then the order is that of what
    /// matched.
    #[param(max_length = 100, example = "ada")]
    pub q: Option<String>,
    /// Only users with this status.
    #[param(value_type = Option<StatusName>, example = "active")]
    pub status: Option<String>,
    /// Only users with the role of this name.
    #[param(value_type = Option<RoleNameForm>, example = "member")]
    pub role: Option<String>,
    /// The order: `created_at`, `-created_at` (the newest first, the default), `email` or `-email`. Not
    /// together with `q`.
    #[param(inline, value_type = Option<UserSort>)]
    pub sort: Option<String>,
    /// How many rows a page has at most, 1 to 200; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<String>,
    /// Where the page starts, from the `Link` of the page before.
    #[param(min_length = 1)]
    pub cursor: Option<String>,
}
