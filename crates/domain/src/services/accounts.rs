//! Creating accounts, and the invariants that all ways of changing them share.

use crate::{
    model::{DisplayName, EmailAddress, Id, Permissions, Policy, Role, RoleName, Status, Timestamp, User, Version},
    ports::{Repositories, StoreResult, UserRepo},
    services::error::UserError,
};

/// A new, active account.
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

/// The roles with these names, of those that were found; each once.
pub(crate) fn resolve_roles(names: &[RoleName], found: Vec<Role>) -> Result<Vec<Role>, UserError> {
    match names
        .iter()
        .position(|name| found.iter().all(|role| role.name != *name))
    {
        Some(index) => Err(UserError::UnknownRole { index }),
        None => Ok(found),
    }
}

pub(crate) fn ids_of(roles: &[Role]) -> Vec<Id<Role>> {
    roles.iter().map(|role| role.id).collect()
}

/// Everything that these roles permit together.
pub(crate) fn permissions_of(roles: &[Role]) -> Permissions {
    roles
        .iter()
        .fold(Permissions::none(), |all, role| all.union(&role.permissions))
}

/// Refuses to go on when nobody but `user` could sign in as an administrator: an account that is active and has a
/// password and, where the policy asks for it, a verified address. The caller has locked the administration, so
/// that of two such changes at once the second sees the first.
pub(crate) async fn ensure_admin_remains(repos: &impl UserRepo, policy: &Policy, user: &User) -> Result<(), UserError> {
    let counts = user.is_active() && user.is_administrator();
    if counts
        && !repos
            .has_other_administrator(user.id, policy.require_verified_email)
            .await?
    {
        return Err(UserError::LastAdmin);
    }
    Ok(())
}

/// Setup is over once somebody is given `admin`, in whatever way.
pub(crate) async fn close_setup_if_admin(tx: &mut impl Repositories, roles: &[Role], at: Timestamp) -> StoreResult<()> {
    if roles.iter().any(|role| role.name == RoleName::ADMIN) {
        tx.close_setup(at).await?;
    }
    Ok(())
}
