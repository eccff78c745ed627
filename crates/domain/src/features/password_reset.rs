//! Resetting forgotten passwords.

use crate::{
    model::{
        Actor, AuditAction, AuditEvent, ClientInfo, EmailKind, Id, LinkToken, NormalizedEmail, PasswordError,
        Permission, TokenPurpose, User,
    },
    ports::{
        AuditRepo, ChallengeRepo, Commit, CredentialRepo, OneTimeTokenRepo, RoleRepo, SessionRepo, Store, UserRepo,
    },
    services::{
        App,
        error::{Error, use_case_error},
        one_time_tokens::{InvalidToken, Link, find_valid_token, request_link, send_link},
        outbox::{acquire_account_email_quota, notify},
        passwords::validate_new_password,
    },
};

const PASSWORD_RESET: AuditAction = AuditAction::new(
    "password.reset",
    "A user set a password through an emailed link and all their sessions were revoked",
);

const LINK_SENT: AuditAction = AuditAction::new(
    "password.link_sent",
    "A user was sent a link to set a password on behalf of an administrator",
);

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[PASSWORD_RESET, LINK_SENT];

/// Sends a link to reset the password to an email address, if a user has it. Does the same work otherwise.
///
/// # Errors
/// [`Error::RateLimited`], whether a user has the address or not.
pub async fn request<S: Store>(app: &App<S>, address: &NormalizedEmail) -> Result<(), Error> {
    request_link(app, address, EmailKind::ResetPassword, |_| true).await
}

/// Sends a user a link to set a new password. A user without a password receives the invitation again. Requires
/// `users:write` and every permission of the user.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`]; [`Error::RateLimited`] if too many links were sent to the address recently.
pub async fn send<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>) -> Result<(), Error> {
    actor.require(&Permission::USERS_WRITE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    actor.require_can_manage(id, &tx.permissions_of(id).await?)?;
    acquire_account_email_quota(app, &mut tx, actor, user.email.normalized(), now).await?;
    let kind = match tx.find_password(id).await? {
        None => EmailKind::Invitation,
        Some(_) => EmailKind::ResetPassword,
    };
    send_link(app, &mut tx, Link::of(kind, &user), now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, LINK_SENT).target(id))
        .await?;
    tx.commit().await?;
    Ok(())
}

use_case_error! {
    /// A failure to set a password with a link.
    pub enum CompleteError { InvalidToken, PasswordError }
}

/// Sets the password of the user that the token belongs to and marks the email address as verified. Revokes all
/// sessions and all other links, so that an attacker who had access to the account loses it.
///
/// # Errors
/// [`CompleteError::InvalidToken`]; [`CompleteError::PasswordError`], after which the token remains valid.
pub async fn complete<S: Store>(
    app: &App<S>,
    client: ClientInfo,
    token: Option<&LinkToken>,
    new_password: &str,
) -> Result<(), CompleteError> {
    validate_new_password(app, new_password, None)?;
    let (token, user) = find_valid_token(app, token, &TokenPurpose::SETTING_PASSWORD)
        .await?
        .ok_or(InvalidToken)?;
    let new = validate_new_password(app, new_password, Some(&user.email))?;
    let hash = app.hasher.hash(new).await?;

    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(InvalidToken)?;
    if !tx.consume_one_time_token(token.id, now).await? {
        return Err(InvalidToken.into());
    }
    let had_password = tx.find_password(user.id).await?.is_some();
    tx.set_password_hash(user.id, &hash, now).await?;
    tx.revoke_sessions(user.id, None, now).await?;
    tx.delete_challenges(user.id).await?;
    tx.delete_one_time_tokens(user.id, None).await?;
    let user = User {
        email_verified: true,
        ..user
    }
    .touched(now);
    tx.update_user(&user).await?;
    let actor = Actor::anonymous(client);
    tx.insert_event(&AuditEvent::new(app, now, &actor, PASSWORD_RESET).target(user.id))
        .await?;
    if had_password {
        notify(app, &mut tx, EmailKind::PasswordChanged, &user, None, now).await?;
    }
    tx.commit().await?;
    Ok(())
}
