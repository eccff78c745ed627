//! Creating users.

use crate::{
    model::{
        Actor, AuditAction, AuditEvent, Denied, DisplayName, EmailAddress, EmailKind, Password, Permission, RoleName,
        SignUpPolicy, User,
    },
    ports::{AuditRepo, Commit, CredentialRepo, RoleRepo, Store, UserRepo},
    services::{
        App,
        accounts::{close_setup_if_admin, ids_of, new_account, permissions_of, resolve_roles},
        error::UserError,
        idempotency::{self, PendingResponse},
        one_time_tokens::{Link, send_link},
        outbox::acquire_account_email_quota,
    },
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
/// [`Error::Denied`](crate::Error::Denied), [`UserError::SignUpClosed`], [`UserError::UnknownRole`],
/// [`UserError::EmailTaken`]; [`Error::RateLimited`](crate::Error::RateLimited) when the address got too many such links lately.
pub async fn create<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: NewUser,
    response: Option<PendingResponse<'_, User>>,
) -> Result<User, UserError> {
    permit(app.policy.sign_up, actor, &new)?;
    let conn = app.store.db();
    let (names, chosen) = match new.roles {
        Some(names) => (names, true),
        None => (vec![RoleName::MEMBER], false),
    };
    let give = |found| {
        let roles = resolve_roles(&names, found)?;
        // `member` comes with every sign-up, whatever it permits.
        if chosen {
            actor.require_all(&permissions_of(&roles))?;
        }
        Ok::<_, UserError>(roles)
    };
    give(conn.find_roles(&names).await?)?;
    // Hashing is dear, so what is bound to fail fails before it. The transaction settles it.
    if conn.find_user_by_email(new.email.normalized()).await?.is_some() {
        return Err(UserError::EmailTaken);
    }
    let hash = match new.password {
        Some(password) => Some(app.hasher.hash(password).await?),
        None => None,
    };

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let roles = give(tx.lock_roles(&names).await?)?;
    close_setup_if_admin(&mut tx, &roles, now).await?;
    let user = User {
        email_verified: new.email_verified,
        ..new_account(app.new_id(now), new.email, new.display_name, &roles, now)
    };
    tx.insert_users(std::slice::from_ref(&user)).await?;
    if let Some(hash) = &hash {
        tx.set_password_hash(user.id, hash, now).await?;
    }
    tx.add_roles(&[user.id], &ids_of(&roles)).await?;
    let event = AuditEvent::new(app, now, actor, AuditAction::UserCreated).target(user.id);
    let event = event.detail_names("roles", &user.roles);
    let event = if actor.is_anonymous() {
        event.actor(user.id)
    } else {
        event
    };
    tx.insert_event(&event).await?;
    let kind = match hash {
        None => Some(EmailKind::Invitation),
        Some(_) if user.email_verified => None,
        Some(_) => Some(EmailKind::VerifyEmail),
    };
    if let Some(kind) = kind {
        // Deleting an account and creating it again sends no more mail than the limit; but no account is created
        // without the link that it needs.
        acquire_account_email_quota(app, &mut tx, actor, user.email.normalized(), now).await??;
        send_link(app, &mut tx, Link::of(kind, &user), now).await?;
    }
    idempotency::finish(app, &mut tx, response, (user.id.as_uuid(), &user)).await?;
    tx.commit().await?;
    Ok(user)
}

fn permit(sign_up: SignUpPolicy, actor: &Actor, new: &NewUser) -> Result<(), UserError> {
    let names_roles = new.roles.is_some();
    let is_plain = !names_roles && !new.email_verified && new.password.is_some();
    if sign_up == SignUpPolicy::Open && is_plain {
        return Ok(());
    }
    match actor.require(&Permission::USERS_CREATE) {
        Err(Denied::Unauthenticated) if sign_up == SignUpPolicy::Closed => return Err(UserError::SignUpClosed),
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
