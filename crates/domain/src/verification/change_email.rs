//! Changing one's address.

use crate::{
    Actor, App, Commit, Origin, Store,
    audit::{Action, AuditEvent, AuditRepo},
    credential::{CredentialRepo, PasswordAttempt, confirm},
    mail::{MailKind, admit_email_change, admit_mail, notice},
    user::{EmailAddress, User, UserRepo},
    verification::{
        Link, LinkToken, TokenPurpose, VerificationError, VerificationRepo, send_link, verify_email::owner,
    },
};

/// Sends a link to the new address, whose owner confirms the change, and tells the old one. Where somebody
/// else has the new address no link is sent, and nothing shows that.
///
/// # Errors
/// [`VerificationError::WrongPassword`], [`VerificationError::TooMany`],
/// [`VerificationError::UserNotFound`].
pub async fn request_email_change<S: Store>(
    app: &App<S>,
    actor: &Actor,
    new: EmailAddress,
    current: PasswordAttempt,
) -> Result<(), VerificationError> {
    let (id, _) = actor.signed_in()?;
    let verified = confirm(app, actor, current).await?;
    let now = app.clock.now();
    if app.policy.rate_limits {
        // An account more would have mail sent to a stranger as well.
        let network = actor.origin().network().unwrap_or_default();
        app.networks.sign_up(&network, now)?;
    }
    let mut tx = app.store.begin().await?;
    admit_email_change(app, &mut tx, id, now).await??;
    admit_mail(app, &mut tx, new.key(), now).await??;
    let user = tx.lock_user(id).await?.ok_or(VerificationError::UserNotFound)?;
    if !verified.is_current(tx.find_password(id).await?.as_ref()) {
        return Err(VerificationError::WrongPassword);
    }
    let owner = tx.find_user_by_email(new.key()).await?;
    let is_free = owner.is_none_or(|owner| owner.id == id);
    let to = new.as_str().to_owned();
    let link = Link {
        kind: MailKind::ChangeEmail,
        user: Some(id),
        to: is_free.then_some(to.as_str()),
        new_email: Some(new),
    };
    send_link(app, &mut tx, link, now).await?;
    notice(app, &mut tx, MailKind::EmailChangeRequested, &user, None, now).await?;
    tx.update_user(&user.touched(now)).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, Action::EmailChangeRequested).to(id))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Takes back the actor's wish for another address, if there is one.
///
/// # Errors
/// [`VerificationError::UserNotFound`].
pub async fn cancel_email_change<S: Store>(app: &App<S>, actor: &Actor) -> Result<(), VerificationError> {
    let (id, _) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(VerificationError::UserNotFound)?;
    let pending = Some(TokenPurpose::ChangeEmail);
    if tx.delete_one_time_tokens(id, pending).await? > 0 {
        tx.update_user(&user.touched(now)).await?;
        tx.insert_event(&AuditEvent::new(app, now, actor, Action::EmailChangeCancelled).to(id))
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Gives an account the address to which the link went, and tells the old one.
///
/// # Errors
/// [`VerificationError::InvalidToken`]; [`VerificationError::EmailTaken`] when somebody else has the address
/// by now.
pub async fn confirm_email_change<S: Store>(
    app: &App<S>,
    origin: Origin,
    token: Option<&LinkToken>,
) -> Result<(), VerificationError> {
    let (token, user) = owner(app, token, &[TokenPurpose::ChangeEmail]).await?;
    // It may have been asked for when other addresses were accepted.
    let email = token.email.and_then(|email| EmailAddress::parse(email.as_str()).ok());
    let email = email.ok_or(VerificationError::InvalidToken)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(VerificationError::InvalidToken)?;
    if !tx.consume_one_time_token(token.id, now).await? {
        return Err(VerificationError::InvalidToken);
    }
    let changed = User {
        email,
        email_verified: true,
        ..user.clone()
    };
    tx.update_user(&changed.touched(now)).await?;
    tx.delete_one_time_tokens(user.id, None).await?;
    notice(app, &mut tx, MailKind::EmailChanged, &user, None, now).await?;
    let actor = Actor::anonymous(origin);
    tx.insert_event(&AuditEvent::new(app, now, &actor, Action::EmailChanged).to(user.id))
        .await?;
    tx.commit().await?;
    Ok(())
}
