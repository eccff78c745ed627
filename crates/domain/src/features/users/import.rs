//! Importing users from another application.

use chrono::DateTime;

use crate::{
    model::{
        Actor, AuditAction, AuditEvent, DisplayName, EmailAddress, PasswordHash, Permission, RoleName, Timestamp, User,
    },
    ports::{Commit, Repositories, Store},
    services::{
        App,
        accounts::{close_setup_if_admin, ids_of, new_account, permissions_of, resolve_roles},
        error::UserError,
    },
};

/// An account as another program had it.
#[derive(Debug, Clone)]
pub struct ImportUser {
    /// The address.
    pub email: EmailAddress,
    /// What the other program stored of the password; without it the user resets the password first.
    pub password_hash: Option<PasswordHash>,
    /// The name to show.
    pub display_name: Option<DisplayName>,
    /// The roles to give.
    pub roles: Vec<RoleName>,
    /// Whether the user has shown to own the address.
    pub email_verified: bool,
    /// When the account was made; now, when nothing is said.
    pub created_at: Option<Timestamp>,
}

/// What became of an account that was to move in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It was made.
    Made,
    /// The address has an account already, which stays as it is.
    Exists,
    /// There is no role of this name.
    UnknownRole(RoleName),
    /// No password could be verified against its hash.
    UnusableHash,
    /// It says to be made later than now.
    NotYet,
    /// It says to be made before 1970, which no identifier can express.
    TooEarly,
}

/// Makes accounts as another program had them, in one transaction, and says of each what became of it. Those
/// that cannot be made keep none of the others from being made. With `only_try` nothing is changed, and the
/// verdicts are the same. Nobody is sent a mail. Needs `users:create`, `roles:assign` and every permission of
/// the roles.
///
/// # Errors
/// [`Error::Denied`](crate::Error::Denied); [`UserError::EmailTaken`] when somebody signed up with one of the addresses
/// meanwhile: then nothing is made.
pub async fn import<S: Store>(
    app: &App<S>,
    actor: &Actor,
    people: Vec<ImportUser>,
    only_try: bool,
) -> Result<Vec<Imported>, UserError> {
    actor.require(&Permission::USERS_CREATE)?;
    actor.require(&Permission::ROLES_ASSIGN)?;
    let mut tx = app.store.begin().await?;
    let mut verdicts = Vec::with_capacity(people.len());
    for person in people {
        verdicts.push(settle(app, actor, &mut tx, person).await?);
    }
    if !only_try {
        tx.commit().await?;
    }
    Ok(verdicts)
}

async fn settle<S: Store>(
    app: &App<S>,
    actor: &Actor,
    tx: &mut impl Repositories,
    person: ImportUser,
) -> Result<Imported, UserError> {
    let now = app.clock.now();
    let ImportUser {
        email,
        password_hash,
        display_name,
        roles: names,
        email_verified,
        created_at,
    } = person;
    let created_at = created_at.unwrap_or(now);
    if created_at > now {
        return Ok(Imported::NotYet);
    }
    if created_at < DateTime::UNIX_EPOCH {
        return Ok(Imported::TooEarly);
    }
    if password_hash.as_ref().is_some_and(|hash| !app.hasher.is_usable(hash)) {
        return Ok(Imported::UnusableHash);
    }
    let roles = match resolve_roles(&names, tx.lock_roles(&names).await?) {
        Ok(roles) => roles,
        Err(UserError::UnknownRole { index }) => return Ok(Imported::UnknownRole(names[index].clone())),
        Err(error) => return Err(error),
    };
    actor.require_all(&permissions_of(&roles))?;
    if tx.find_user_by_email(email.normalized()).await?.is_some() {
        return Ok(Imported::Exists);
    }
    close_setup_if_admin(tx, &roles, now).await?;
    let user = User {
        email_verified,
        updated_at: now,
        ..new_account(app.new_id(created_at), email, display_name, &roles, created_at)
    };
    tx.insert_users(std::slice::from_ref(&user)).await?;
    if let Some(hash) = &password_hash {
        tx.set_password_hash(user.id, hash, now).await?;
    }
    tx.add_roles(&[user.id], &ids_of(&roles)).await?;
    let event = AuditEvent::new(app, now, actor, AuditAction::UserCreated).target(user.id);
    tx.insert_event(&event.detail_names("roles", &user.roles)).await?;
    Ok(Imported::Made)
}
