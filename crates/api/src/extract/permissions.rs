//! The permissions that handlers require, each as a type.

use vestibule_domain::Permission;

use super::auth::RequiredPermission;

/// `users:read`.
pub(crate) struct UsersRead;
impl RequiredPermission for UsersRead {
    const PERMISSION: Permission = Permission::USERS_READ;
}

/// `users:write`.
pub(crate) struct UsersWrite;
impl RequiredPermission for UsersWrite {
    const PERMISSION: Permission = Permission::USERS_WRITE;
}

/// `users:delete`.
pub(crate) struct UsersDelete;
impl RequiredPermission for UsersDelete {
    const PERMISSION: Permission = Permission::USERS_DELETE;
}

/// `roles:read`.
pub(crate) struct RolesRead;
impl RequiredPermission for RolesRead {
    const PERMISSION: Permission = Permission::ROLES_READ;
}

/// `roles:write`.
pub(crate) struct RolesWrite;
impl RequiredPermission for RolesWrite {
    const PERMISSION: Permission = Permission::ROLES_WRITE;
}

/// `roles:assign`.
pub(crate) struct RolesAssign;
impl RequiredPermission for RolesAssign {
    const PERMISSION: Permission = Permission::ROLES_ASSIGN;
}

/// `audit:read`.
pub(crate) struct AuditRead;
impl RequiredPermission for AuditRead {
    const PERMISSION: Permission = Permission::AUDIT_READ;
}

/// `sessions:read`.
pub(crate) struct SessionsRead;
impl RequiredPermission for SessionsRead {
    const PERMISSION: Permission = Permission::SESSIONS_READ;
}

/// `sessions:revoke`.
pub(crate) struct SessionsRevoke;
impl RequiredPermission for SessionsRevoke {
    const PERMISSION: Permission = Permission::SESSIONS_REVOKE;
}
