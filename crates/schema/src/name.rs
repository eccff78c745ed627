//! The forms of names, for the document. The domain checks them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The name of a role.
#[derive(ToSchema)]
#[schema(as = RoleName, value_type = String, pattern = "^[a-z][a-z0-9_-]{0,39}$", example = "member")]
pub(crate) struct RoleNameForm(#[expect(dead_code, reason = "only its form is of interest")] String);

/// The name of a permission.
#[derive(ToSchema)]
#[schema(
    as = PermissionName,
    value_type = String,
    pattern = "^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}$",
    example = "users:read"
)]
pub(crate) struct PermissionNameForm(#[expect(dead_code, reason = "only its form is of interest")] String);

/// The order of a list of users.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = UserSort)]
pub(crate) enum UserSort {
    /// The oldest first.
    #[serde(rename = "created_at")]
    CreatedAt,
    /// The newest first.
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    /// By address.
    #[serde(rename = "email")]
    Email,
    /// By address, backwards.
    #[serde(rename = "-email")]
    EmailDescending,
}
