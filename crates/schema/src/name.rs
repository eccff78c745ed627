//! Patterns of names in the OpenAPI document. The domain validates the names.

use utoipa::ToSchema;

/// The name of a role.
#[derive(ToSchema)]
#[schema(as = RoleName, value_type = String, pattern = "^[a-z][a-z0-9_-]{0,39}$", example = "member")]
pub(crate) struct RoleNameForm(#[expect(dead_code, reason = "only describes the format")] String);

/// The name of a permission.
#[derive(ToSchema)]
#[schema(
    as = PermissionName,
    value_type = String,
    pattern = "^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}$",
    example = "users:read"
)]
pub(crate) struct PermissionNameForm(#[expect(dead_code, reason = "only describes the format")] String);
