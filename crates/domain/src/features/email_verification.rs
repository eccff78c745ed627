//! Verifying email addresses.

use crate::{
    model::{
        Actor, AuditAction, AuditEvent, EmailKind, LinkToken, NormalizedEmail, PasswordAttempt, TokenPurpose, User,
    },
    ports::{AuditRepo, Commit, OneTimeTokenRepo, Store, UserRepo},
    services::{
        App,
        error::{Error, Failure, use_case_error},
        one_time_tokens::{InvalidToken, find_valid_token, request_link},
        passwords::verify_password_of,
    },
};

const EMAIL_VERIFIED: AuditAction = AuditAction::new("email.verified", "A user verified their email address");

/// The actions that this feature records.
pub(super) const ACTIONS: &[AuditAction] = &[EMAIL_VERIFIED];

/// Sends a link to verify an email address, if a user has the address and has not verified it yet. Does the same work
/// otherwise.
///
/// # Errors
/// [`Error::RateLimited`], whether a user has the address or not.
pub async fn resend<S: Store>(app: &App<S>, address: &NormalizedEmail) -> Result<(), Error> {
    request_link(app, address, EmailKind::VerifyEmail, |user| !user.email_verified).await
}

/// Proof that the owner of the mailbox also owns the account. Otherwise a person could sign up with the address of
/// another person, who then verifies it by following the link.
#[derive(Debug)]
pub enum Proof {
    /// The actor is signed in to the account.
    Session,
    /// The password of the account.
    Password(PasswordAttempt),
}

/// The email address is already verified, perhaps because the link was used before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the email address is already verified")]
pub struct AlreadyVerified;

impl Failure for AlreadyVerified {}

use_case_error! {
    /// A failure to verify an email address.
    pub enum VerifyError { InvalidToken, AlreadyVerified }
}

/// Marks the email address of an account as verified. The token is kept until it expires, so that a user who follows the
/// link again learns that the address is verified.
///
/// # Errors
/// [`VerifyError::InvalidToken`], which also covers an invalid proof; the token then remains valid.
/// [`VerifyError::AlreadyVerified`]; [`Error::RateLimited`].
pub async fn verify<S: Store>(
    app: &App<S>,
    actor: &Actor,
    token: Option<&LinkToken>,
    proof: Proof,
) -> Result<(), VerifyError> {
    let (token, user) = find_valid_token(app, token, &[TokenPurpose::VerifyEmail])
        .await?
        .ok_or(InvalidToken)?;
    match proof {
        Proof::Session if actor.is(user.id) => {}
        Proof::Session => return Err(InvalidToken.into()),
        Proof::Password(password) => {
            verify_password_of(app, actor, &user, password)
                .await
                .map_err(|error| match error {
                    Error::WrongPassword => VerifyError::from(InvalidToken),
                    other => other.into(),
                })?;
        }
    }
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(InvalidToken)?;
    if tx.find_one_time_token(token.id).await?.is_none() {
        return Err(InvalidToken.into());
    }
    if user.email_verified {
        return Err(AlreadyVerified.into());
    }
    let user = User {
        email_verified: true,
        ..user
    }
    .touched(now);
    tx.update_user(&user).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, EMAIL_VERIFIED).target(user.id))
        .await?;
    tx.commit().await?;
    Ok(())
}
