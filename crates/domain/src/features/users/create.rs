//! Creating users.

use crate::{
    features::users::error::{CreateError, SignUpClosed},
    model::{
        Actor, AuditAction, AuditEvent, Denied, DisplayName, EmailAddress, EmailKind, Password, Permission, RoleName,
        SignUpPolicy, User,
    },
    ports::{AuditRepo, Commit, CredentialRepo, RoleRepo, Store, UserRepo},
    services::{
        App,
        accounts::{close_setup_if_admin, ids_of, new_account, permissions_of, resolve_roles},
        error::EmailTaken,
        idempotency::{self, PendingResponse},
        one_time_tokens::{Link, send_link},
        outbox::acquire_account_email_quota,
    },
};

pub(super) const USER_CREATED: AuditAction = AuditAction::new(
    "user.created",
    "A user signed up or was created; `roles` lists the assigned roles",
);

/// A user to create.
#[derive(Debug)]
pub struct NewUser {
    /// The email address.
    pub email: EmailAddress,
    /// The password; `None` to send an invitation with a link to choose it.
    pub password: Option<Password>,
    /// The display name.
    pub display_name: Option<DisplayName>,
    /// The roles; `None` for `member`.
    pub roles: Option<Vec<RoleName>>,
    /// True if the email address counts as verified.
    pub email_verified: bool,
}

/// Creates a user and emails a link: an invitation if there is no password, or else one to verify the email address.
///
/// Requires `users:create`, unless sign-up is open and the request contains only an email address, a password and a
/// display name. Choosing the roles also requires `roles:assign` and every permission of the roles; marking the email
/// address as verified also requires `users:write`.
///
/// # Errors
/// [`CreateError::SignUpClosed`], [`CreateError::UnknownRole`], [`CreateError::EmailTaken`];
/// [`Error::Denied`](crate::Error::Denied); [`Error::RateLimited`](crate::Error::RateLimited) if too many links were
/// sent to the address recently.
pub async fn create<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: NewUser,
    response: Option<&PendingResponse<User>>,
) -> Result<User, CreateError> {
    authorize(app.policy.sign_up, actor, &new)?;
    let db = app.store.db();
    let (names, is_chosen) = match new.roles {
        Some(names) => (names, true),
        None => (vec![RoleName::MEMBER], false),
    };
    let check_roles = |found| {
        let roles = resolve_roles(&names, found)?;
        // Every sign-up receives `member`, regardless of its permissions.
        if is_chosen {
            actor.require_all(&permissions_of(&roles))?;
        }
        Ok::<_, CreateError>(roles)
    };
    check_roles(db.find_roles(&names).await?)?;
    // Hashing is expensive, so detect a taken address before it. The transaction checks it again.
    if db.find_user_by_email(new.email.normalized()).await?.is_some() {
        return Err(EmailTaken.into());
    }
    let hash = match new.password {
        Some(password) => Some(app.hasher.hash(password).await?),
        None => None,
    };

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let roles = check_roles(tx.lock_roles(&names).await?)?;
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
    let event = AuditEvent::new(app, now, actor, USER_CREATED).target(user.id);
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
        // If the quota is used up, the user is not created: without the link the account would be unusable. Deleting
        // and creating an account repeatedly therefore cannot exceed the limit.
        acquire_account_email_quota(app, &mut tx, actor, user.email.normalized(), now).await?;
        send_link(app, &mut tx, Link::of(kind, &user), now).await?;
    }
    idempotency::finish(app, &mut tx, response, (user.id.as_uuid(), &user)).await?;
    tx.commit().await?;
    Ok(user)
}

fn authorize(sign_up: SignUpPolicy, actor: &Actor, new: &NewUser) -> Result<(), CreateError> {
    let has_roles = new.roles.is_some();
    let is_plain = !has_roles && !new.email_verified && new.password.is_some();
    if sign_up == SignUpPolicy::Open && is_plain {
        return Ok(());
    }
    match actor.require(&Permission::USERS_CREATE) {
        Err(Denied::Unauthenticated) if sign_up == SignUpPolicy::Closed => return Err(SignUpClosed.into()),
        result => result?,
    }
    if has_roles {
        actor.require(&Permission::ROLES_ASSIGN)?;
    }
    if new.email_verified {
        actor.require(&Permission::USERS_WRITE)?;
    }
    Ok(())
}
