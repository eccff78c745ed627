//! Making an account.

use crate::{
    Actor, App, Commit, Denied, Id, Permission, Permissions, SignUp, Store, Timestamp, Version,
    audit::{Action, AuditEvent, AuditRepo},
    credential::{CredentialRepo, Password},
    idempotency::{self, Keep},
    installation::close_setup_with,
    mail::{MailKind, admit_account_mail},
    role::{Role, RoleName, RoleRepo},
    user::{DisplayName, EmailAddress, Status, User, UserError, UserRepo},
    verification::{Link, send_link},
};

/// An account to be made.
#[derive(Debug)]
pub struct NewUser {
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The password to sign in with; without one, the person gets a link to choose it.
    pub password: Option<Password>,
    /// The name to show.
    pub display_name: Option<DisplayName>,
    /// The roles to give; `member` when nothing is said.
    pub roles: Option<Vec<RoleName>>,
    /// Whether the one who makes it vouches that the address is theirs.
    pub email_verified: bool,
}

/// Makes an account.
///
/// Anyone may do so while sign-up is open; else it needs `users:create`. To say which roles the account
/// has needs `users:create`, `roles:assign` and every permission of these roles; to give it no password needs
/// `users:create`; to vouch for the address needs `users:create` and `users:write`. A link goes to the address: to choose
/// the password, or else to verify the address.
///
/// # Errors
/// [`UserError::Denied`], [`UserError::SignUpClosed`], [`UserError::UnknownRole`],
/// [`UserError::EmailTaken`]; [`UserError::TooMany`] when the address got too many such links lately.
pub async fn create<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: NewUser,
    keep: Option<Keep<'_, User>>,
) -> Result<User, UserError> {
    permit(app.policy.sign_up, actor, &new)?;
    let conn = app.store.conn();
    let (names, chosen) = match new.roles {
        Some(names) => (names, true),
        None => (vec![RoleName::MEMBER], false),
    };
    let give = |found| {
        let roles = roles_to_give(&names, found)?;
        // `member` comes with every sign-up, whatever it permits.
        if chosen {
            actor.require_all(&permissions_of(&roles))?;
        }
        Ok::<_, UserError>(roles)
    };
    give(conn.find_roles(&names).await?)?;
    // Hashing is dear, so what is bound to fail fails before it. The transaction settles it.
    if conn.find_user_by_email(new.email.key()).await?.is_some() {
        return Err(UserError::EmailTaken);
    }
    let hash = match new.password {
        Some(password) => Some(app.hasher.hash(password).await?),
        None => None,
    };

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let roles = give(tx.lock_roles(&names).await?)?;
    close_setup_with(&mut tx, &roles, now).await?;
    let user = User {
        email_verified: new.email_verified,
        ..account(app.mint(now), new.email, new.display_name, &roles, now)
    };
    tx.insert_users(std::slice::from_ref(&user)).await?;
    if let Some(hash) = &hash {
        tx.set_password_hash(user.id, hash, now).await?;
    }
    tx.give_roles(&[user.id], &ids_of(&roles)).await?;
    let event = AuditEvent::new(app, now, actor, Action::UserCreated).to(user.id);
    let event = event.naming("roles", &user.roles);
    let event = if actor.is_anonymous() { event.by(user.id) } else { event };
    tx.insert_event(&event).await?;
    let kind = match hash {
        None => Some(MailKind::Invitation),
        Some(_) if user.email_verified => None,
        Some(_) => Some(MailKind::VerifyEmail),
    };
    if let Some(kind) = kind {
        // Deleting an account and creating it again sends no more mail than the limit; but no account is created
        // without the link that it needs.
        admit_account_mail(app, &mut tx, actor, user.email.key(), now).await??;
        send_link(app, &mut tx, Link::of(kind, &user), now).await?;
    }
    idempotency::keep(app, &mut tx, keep, (user.id.as_uuid(), &user)).await?;
    tx.commit().await?;
    Ok(user)
}

fn permit(sign_up: SignUp, actor: &Actor, new: &NewUser) -> Result<(), UserError> {
    let names_roles = new.roles.is_some();
    let is_plain = !names_roles && !new.email_verified && new.password.is_some();
    if sign_up == SignUp::Open && is_plain {
        return Ok(());
    }
    match actor.require(&Permission::USERS_CREATE) {
        Err(Denied::Unauthenticated) if sign_up == SignUp::Closed => return Err(UserError::SignUpClosed),
        permitted => permitted?,
    }
    if names_roles {
        actor.require(&Permission::ROLES_ASSIGN)?;
    }
    if new.email_verified {
        actor.require(&Permission::USERS_WRITE)?;
    }
    Ok(())
}

/// A new, active account.
pub(crate) fn account(
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
pub(crate) fn roles_to_give(names: &[RoleName], found: Vec<Role>) -> Result<Vec<Role>, UserError> {
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
