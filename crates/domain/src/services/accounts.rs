//! Steps of creating accounts and changing their roles.

use crate::{
    model::{
        AuditAction, DisplayName, EmailAddress, Id, Permissions, Policy, Role, RoleName, Status, Timestamp, User,
        Version,
    },
    ports::{Repositories, StoreResult, UserRepo},
    services::error::UnknownRole,
};

pub(crate) const EMAIL_CHANGED: AuditAction = AuditAction::new("email.changed", "A user's email address was changed");

/// Returns a new, active account.
pub(crate) fn new_account(
    id: Id<User>,
    email: EmailAddress,
    display_name: Option<DisplayName>,
    roles: &[Role],
    at: Timestamp,
) -> User {
    let mut names: Vec<_> = roles.iter().map(|role| role.name.clone()).collect();
    names.sort();
    User {
        id,
        email,
        display_name,
        status: Status::Active,
        email_verified: false,
        roles: names,
        version: Version::FIRST,
        created_at: at,
        updated_at: at,
    }
}

/// Checks that a role was found for each name.
pub(crate) fn resolve_roles(names: &[RoleName], found: Vec<Role>) -> Result<Vec<Role>, UnknownRole> {
    match names
        .iter()
        .position(|name| found.iter().all(|role| role.name != *name))
    {
        Some(index) => Err(UnknownRole { index }),
        None => Ok(found),
    }
}

pub(crate) fn ids_of(roles: &[Role]) -> Vec<Id<Role>> {
    roles.iter().map(|role| role.id).collect()
}

/// Returns the permissions of all of these roles.
pub(crate) fn permissions_of(roles: &[Role]) -> Permissions {
    roles
        .iter()
        .fold(Permissions::none(), |all, role| all.union(&role.permissions))
}

/// Returns whether no administrator who can sign in would remain after a change that makes `user` no longer one. Such
/// an administrator is active and has a password and, if the policy requires it, a verified email address.
///
/// The caller must have locked the administration, so that concurrent changes see each other.
pub(crate) async fn is_last_admin(repos: &impl UserRepo, policy: &Policy, user: &User) -> StoreResult<bool> {
    let is_admin = user.is_active() && user.is_administrator();
    Ok(is_admin
        && !repos
            .has_other_administrator(user.id, policy.require_verified_email)
            .await?)
}

/// Closes setup if `admin` is among the assigned roles: once there is an administrator, setup is complete.
pub(crate) async fn close_setup_if_admin(tx: &mut impl Repositories, roles: &[Role], at: Timestamp) -> StoreResult<()> {
    if roles.iter().any(|role| role.name == RoleName::ADMIN) {
        tx.close_setup(at).await?;
    }
    Ok(())
}
