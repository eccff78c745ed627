//! Changing your own email address.

use crate::{
    model::{
        Actor, AuditAction, AuditEvent, ClientInfo, EmailAddress, EmailKind, LinkToken, PasswordAttempt, TokenPurpose,
        User,
    },
    ports::{AuditRepo, Commit, OneTimeTokenRepo, Store, UserRepo},
    services::{
        App,
        accounts::EMAIL_CHANGED,
        error::{EmailTaken, Error, Failure, use_case_error},
        one_time_tokens::{InvalidToken, Link, find_valid_token, send_link},
        outbox::{acquire_email_change_quota, acquire_email_quota, notify},
        step_up::{is_still_current, verify_password_or_fresh},
    },
};

pub(super) const EMAIL_CHANGE_REQUESTED: AuditAction = AuditAction::new(
    "email.change_requested",
    "A user requested a new email address, which is pending until it is confirmed",
);
pub(super) const EMAIL_CHANGE_CANCELLED: AuditAction =
    AuditAction::new("email.change_cancelled", "A user cancelled a pending email change");

/// Sends a link to confirm the change to the new address, and a notification to the current one. If another user has
/// the new address, no link is sent, but the result is the same. Requires the current password or a recent proof of
/// identity.
///
/// # Errors
/// [`Error::WrongPassword`], [`Error::StepUpRequired`], [`Error::RateLimited`], [`Error::NotFound`].
pub async fn request_email_change<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: EmailAddress,
    current: Option<PasswordAttempt>,
) -> Result<(), Error> {
    let (id, _) = actor.signed_in()?;
    let verified = verify_password_or_fresh(app, actor, current).await?;
    let now = app.clock.now();
    if app.policy.rate_limits {
        // Like a sign-up, this sends an email to an address that may belong to a different person.
        let network = actor.client().network().unwrap_or_default();
        app.ip_limiter.sign_up(&network, now)?;
    }
    let mut tx = app.store.begin().await?;
    acquire_email_change_quota(app, &mut tx, id, now).await?;
    acquire_email_quota(app, &mut tx, new.normalized(), now).await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    if !is_still_current(&tx, id, verified.as_ref()).await? {
        return Err(Error::WrongPassword);
    }
    let owner = tx.find_user_by_email(new.normalized()).await?;
    let is_free = owner.is_none_or(|owner| owner.id == id);
    let to = new.as_str().to_owned();
    let link = Link {
        kind: EmailKind::ChangeEmail,
        user: Some(id),
        to: is_free.then_some(to.as_str()),
        new_email: Some(new),
    };
    send_link(app, &mut tx, link, now).await?;
    notify(app, &mut tx, EmailKind::EmailChangeRequested, &user, None, now).await?;
    tx.update_user(&user.touched(now)).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, EMAIL_CHANGE_REQUESTED).target(id))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Cancels the actor's pending email change, if there is one.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn cancel_email_change<S: Store>(app: &App<S>, actor: &Actor) -> Result<(), Error> {
    let (id, _) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    let pending = Some(TokenPurpose::ChangeEmail);
    if tx.delete_one_time_tokens(id, pending).await? > 0 {
        tx.update_user(&user.touched(now)).await?;
        tx.insert_event(&AuditEvent::new(app, now, actor, EMAIL_CHANGE_CANCELLED).target(id))
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Another user has taken the new email address since the change was requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another user has this email address")]
pub struct NewEmailTaken;

impl Failure for NewEmailTaken {
    fn from_shared(error: &Error) -> Option<Self> {
        EmailTaken::from_shared(error).map(|_| Self)
    }
}

use_case_error! {
    /// A failure to confirm a change of an email address.
    pub enum ConfirmEmailChangeError { InvalidToken, NewEmailTaken }
}

/// Changes the email address of an account to the one that the link was sent to, and notifies the previous address.
///
/// # Errors
/// [`ConfirmEmailChangeError`].
pub async fn confirm_email_change<S: Store>(
    app: &App<S>,
    client: ClientInfo,
    token: Option<&LinkToken>,
) -> Result<(), ConfirmEmailChangeError> {
    let (token, user) = find_valid_token(app, token, &[TokenPurpose::ChangeEmail])
        .await?
        .ok_or(InvalidToken)?;
    // The change may have been requested when the rules for addresses were different.
    let email = token.email.and_then(|email| EmailAddress::parse(email.as_str()).ok());
    let email = email.ok_or(InvalidToken)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(InvalidToken)?;
    if !tx.consume_one_time_token(token.id, now).await? {
        return Err(InvalidToken.into());
    }
    let changed = User {
        email,
        email_verified: true,
        ..user.clone()
    };
    tx.update_user(&changed.touched(now)).await?;
    tx.delete_one_time_tokens(user.id, None).await?;
    notify(app, &mut tx, EmailKind::EmailChanged, &user, None, now).await?;
    let actor = Actor::anonymous(client);
    tx.insert_event(&AuditEvent::new(app, now, &actor, EMAIL_CHANGED).target(user.id))
        .await?;
    tx.commit().await?;
    Ok(())
}
