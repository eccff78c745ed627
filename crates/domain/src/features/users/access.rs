//! Explaining a user's permissions and what prevents sign-in.

use crate::{
    model::{Actor, Id, Permission, Role, RoleName, Timestamp, User},
    ports::{CredentialRepo, RoleRepo, Store, UserRepo},
    services::{App, error::Error, rate_limit},
};

/// An explanation of a user's access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The roles of the user that grant the requested permission; empty if none was requested.
    pub roles: Vec<RoleName>,
    /// The reasons why the user cannot sign in now.
    pub sign_in_blockers: Vec<SignInBlocker>,
}

/// A reason why a user cannot sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInBlocker {
    /// The account is disabled.
    Disabled,
    /// The email address is not verified.
    EmailNotVerified,
    /// The user has no password.
    NoPassword,
    /// There were too many password attempts. Clients from unknown networks and devices have to wait.
    TooManyAttempts {
        /// The time when they can try again.
        until: Timestamp,
    },
}

/// Returns the roles that grant a permission to a user, and the reasons why the user cannot sign in. Requires
/// `users:read` and `roles:read`, except for the actor's own account.
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
    let db = app.store.db();
    let user = db.find_user(id).await?.ok_or(Error::not_found::<User>())?;
    let held = db.find_roles(&user.roles).await?;
    let grants = |role: &Role| permission.is_some_and(|permission| role.permissions.contains(permission));
    let mut roles: Vec<_> = held.into_iter().filter(grants).map(|role| role.name).collect();
    roles.sort();
    let has_password = db.find_password(id).await?.is_some();
    let resets_at = rate_limit::resets_at(app, user.email.normalized().as_str()).await?;
    let blockers = [
        (!user.is_active()).then_some(SignInBlocker::Disabled),
        (app.policy.require_verified_email && !user.email_verified).then_some(SignInBlocker::EmailNotVerified),
        (!has_password).then_some(SignInBlocker::NoPassword),
        resets_at.map(|until| SignInBlocker::TooManyAttempts { until }),
    ];
    Ok(Access {
        roles,
        sign_in_blockers: blockers.into_iter().flatten().collect(),
    })
}
