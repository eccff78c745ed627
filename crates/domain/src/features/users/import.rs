//! Importing users from another application.

use chrono::DateTime;

use super::create::USER_CREATED;
use crate::{
    features::users::error::CreateError,
    model::{
        Actor, AuditEvent, DisplayName, EmailAddress, PasswordHash, Permission, RoleName, Timestamp, TotpFactor,
        TotpSecret, User,
    },
    ports::{Commit, Repositories, Store},
    services::{
        App,
        accounts::{close_setup_if_admin, ids_of, new_account, permissions_of, resolve_roles},
        error::UnknownRole,
        factors::{new_totp, update_second_factor},
    },
};

/// A user of another application.
#[derive(Debug, Clone)]
pub struct ImportUser {
    /// The email address.
    pub email: EmailAddress,
    /// The stored password hash; `None` if the user has to reset the password first.
    pub password_hash: Option<PasswordHash>,
    /// The display name.
    pub display_name: Option<DisplayName>,
    /// The roles to assign.
    pub roles: Vec<RoleName>,
    /// True if the user has verified the email address.
    pub email_verified: bool,
    /// The time when the account was created; `None` for now.
    pub created_at: Option<Timestamp>,
    /// The secret of the user's authenticator app, which is in use immediately.
    pub totp_secret: Option<TotpSecret>,
}

/// The outcome of importing one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The user was created.
    Created,
    /// A user with the email address exists and was left unchanged.
    Exists,
    /// No role has this name.
    UnknownRole(RoleName),
    /// The hash has an unsupported format.
    UnusableHash,
    /// The time of creation is in the future.
    CreatedInFuture,
    /// The time of creation is before 1970, which an identifier cannot represent.
    CreatedTooEarly,
}

/// Imports users from another application in one transaction, without sending emails. Returns the outcome for each;
/// users that cannot be imported do not affect the others. With `dry_run`, returns the same outcomes but changes
/// nothing. Requires `users:create`, `roles:assign` and every permission of the roles.
///
/// # Errors
/// [`Error::Denied`](crate::Error::Denied); [`CreateError::EmailTaken`] if one of the addresses was taken in the
/// meantime, in which case no user is imported.
pub async fn import<S: Store>(
    app: &App<S>,
    actor: &Actor,
    users: Vec<ImportUser>,
    dry_run: bool,
) -> Result<Vec<ImportOutcome>, CreateError> {
    actor.require(&Permission::USERS_CREATE)?;
    actor.require(&Permission::ROLES_ASSIGN)?;
    let mut tx = app.store.begin().await?;
    let mut outcomes = Vec::with_capacity(users.len());
    for user in users {
        outcomes.push(import_user(app, actor, &mut tx, user).await?);
    }
    if !dry_run {
        tx.commit().await?;
    }
    Ok(outcomes)
}

async fn import_user<S: Store>(
    app: &App<S>,
    actor: &Actor,
    tx: &mut impl Repositories,
    imported: ImportUser,
) -> Result<ImportOutcome, CreateError> {
    let now = app.clock.now();
    let ImportUser {
        email,
        password_hash,
        display_name,
        roles: names,
        email_verified,
        created_at,
        totp_secret,
    } = imported;
    let created_at = created_at.unwrap_or(now);
    if created_at > now {
        return Ok(ImportOutcome::CreatedInFuture);
    }
    if created_at < DateTime::UNIX_EPOCH {
        return Ok(ImportOutcome::CreatedTooEarly);
    }
    if password_hash.as_ref().is_some_and(|hash| !app.hasher.is_usable(hash)) {
        return Ok(ImportOutcome::UnusableHash);
    }
    let roles = match resolve_roles(&names, tx.lock_roles(&names).await?) {
        Ok(roles) => roles,
        Err(UnknownRole { index }) => return Ok(ImportOutcome::UnknownRole(names[index].clone())),
    };
    actor.require_all(&permissions_of(&roles))?;
    if tx.find_user_by_email(email.normalized()).await?.is_some() {
        return Ok(ImportOutcome::Exists);
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
    if let Some(secret) = &totp_secret {
        let totp = TotpFactor {
            confirmed_at: Some(now),
            ..new_totp(app, user.id, secret, now)
        };
        tx.replace_totp(user.id, &totp).await?;
        update_second_factor(tx, user.id).await?;
    }
    tx.add_roles(&[user.id], &ids_of(&roles)).await?;
    let event = AuditEvent::new(app, now, actor, USER_CREATED).target(user.id);
    tx.insert_event(&event.detail_names("roles", &user.roles)).await?;
    Ok(ImportOutcome::Created)
}
