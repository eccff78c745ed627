//! The permissions that handlers ask their callers for, each as a type.

use vestibule_domain::Permission;

use super::caller::Named;

/// `users:read`.
pub(crate) struct UsersRead;
impl Named for UsersRead {
    const PERMISSION: Permission = Permission::USERS_READ;
}

/// `users:write`.
pub(crate) struct UsersWrite;
impl Named for UsersWrite {
    const PERMISSION: Permission = Permission::USERS_WRITE;
}

/// `users:delete`.
pub(crate) struct UsersDelete;
impl Named for UsersDelete {
    const PERMISSION: Permission = Permission::USERS_DELETE;
}

/// `roles:read`.
pub(crate) struct RolesRead;
impl Named for RolesRead {
    const PERMISSION: Permission = Permission::ROLES_READ;
}

/// `roles:write`.
pub(crate) struct RolesWrite;
impl Named for RolesWrite {
    const PERMISSION: Permission = Permission::ROLES_WRITE;
}

/// `roles:assign`.
pub(crate) struct RolesAssign;
impl Named for RolesAssign {
    const PERMISSION: Permission = Permission::ROLES_ASSIGN;
}

/// `audit:read`.
pub(crate) struct AuditRead;
impl Named for AuditRead {
    const PERMISSION: Permission = Permission::AUDIT_READ;
}

/// `sessions:read`.
pub(crate) struct SessionsRead;
impl Named for SessionsRead {
    const PERMISSION: Permission = Permission::SESSIONS_READ;
}

/// `sessions:revoke`.
pub(crate) struct SessionsRevoke;
impl Named for SessionsRevoke {
    const PERMISSION: Permission = Permission::SESSIONS_REVOKE;
}
