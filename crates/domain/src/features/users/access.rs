//! Explaining a user's permissions and what prevents sign-in.

use crate::{
    model::{Actor, Id, Permission, Role, RoleName, Timestamp, User},
    ports::{FactorRepo, RoleRepo, Store, UserRepo},
    services::{App, error::Error, factors::can_sign_in, rate_limit},
};

/// An explanation of a user's access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// True if the user has the requested permission, and it is in force.
    pub granted: bool,
    /// The roles of the user that have the requested permission; empty if none was requested.
    pub roles: Vec<RoleName>,
    /// The reasons why the user cannot sign in now.
    pub sign_in_blockers: Vec<SignInBlocker>,
    /// True if a role of the user requires a second factor, which the user does not have, so that its permissions are not
    /// in force.
    pub second_factor_enrolment_required: bool,
}

/// A reason why a user cannot sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInBlocker {
    /// The account is disabled.
    Disabled,
    /// The email address is not verified.
    EmailNotVerified,
    /// The user has neither a password nor a passkey that suffices alone.
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
    let requires_second_factor = held.iter().any(|role| role.requires_second_factor);
    let has_second_factor = db.has_second_factor(id).await?;
    let has_permission = |role: &Role| permission.is_some_and(|permission| role.permissions.contains(permission));
    let granting: Vec<Role> = held.into_iter().filter(has_permission).collect();
    let granted = granting
        .iter()
        .any(|role| has_second_factor || !role.requires_second_factor);
    let mut roles: Vec<_> = granting.into_iter().map(|role| role.name).collect();
    roles.sort();
    let can_sign_in = can_sign_in(app, db, id, None).await?;
    let resets_at = rate_limit::resets_at(app, id).await?;
    let blockers = [
        (!user.is_active()).then_some(SignInBlocker::Disabled),
        (app.policy.require_verified_email && !user.email_verified).then_some(SignInBlocker::EmailNotVerified),
        (!can_sign_in).then_some(SignInBlocker::NoPassword),
        resets_at.map(|until| SignInBlocker::TooManyAttempts { until }),
    ];
    Ok(Access {
        granted,
        roles,
        sign_in_blockers: blockers.into_iter().flatten().collect(),
        second_factor_enrolment_required: requires_second_factor && !has_second_factor,
    })
}
