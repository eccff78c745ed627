//! Explaining a user's permissions and what prevents sign-in.

use crate::{
    model::{Actor, Id, Permission, RoleName, Timestamp, User},
    ports::{CredentialRepo, RoleRepo, Store, UserRepo},
    services::{
        App,
        error::{Error, Resource},
        rate_limit,
    },
};

/// What somebody may do, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The roles of the user that give the permission in question; without a question none.
    pub roles: Vec<RoleName>,
    /// What keeps the user from signing in now.
    pub obstacles: Vec<SignInBlocker>,
}

/// What keeps somebody from signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInBlocker {
    /// The account is disabled.
    Disabled,
    /// The address has to be verified first.
    EmailNotVerified,
    /// There is no password to sign in with.
    NoPassword,
    /// Passwords were tried too often: who comes from where the account knows nobody waits until then.
    TooManyAttempts {
        /// When a password may be tried again.
        until: Timestamp,
    },
}

/// Tells which roles give a user a permission, and what keeps the user from signing in. Needs `users:read`
/// and `roles:read`, save for oneself.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn explain_access<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    permission: Option<&Permission>,
) -> Result<Access, Error> {
    if !actor.is(id) {
        actor.require(&Permission::USERS_READ)?;
        actor.require(&Permission::ROLES_READ)?;
    }
    let conn = app.store.db();
    let user = conn.find_user(id).await?.ok_or(Error::NotFound(Resource::User))?;
    let held = conn.find_roles(&user.roles).await?;
    let gives = |permissions: &crate::model::Permissions| permission.is_some_and(|wanted| permissions.contains(wanted));
    let mut roles: Vec<_> = held
        .into_iter()
        .filter(|role| gives(&role.permissions))
        .map(|role| role.name)
        .collect();
    roles.sort();
    let has_password = conn.find_password(id).await?.is_some();
    let waits = rate_limit::resets_at(app, user.email.normalized().as_str()).await?;
    let obstacles = [
        (!user.is_active()).then_some(SignInBlocker::Disabled),
        (app.policy.require_verified_email && !user.email_verified).then_some(SignInBlocker::EmailNotVerified),
        (!has_password).then_some(SignInBlocker::NoPassword),
        waits.map(|until| SignInBlocker::TooManyAttempts { until }),
    ];
    Ok(Access {
        roles,
        obstacles: obstacles.into_iter().flatten().collect(),
    })
}
