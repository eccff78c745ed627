//! Asking for a link.

use chrono::TimeDelta;

use crate::{
    App, Commit, Id, Repos, Store, StoreResult, Timestamp,
    mail::{Mail, MailKind, admit_mail, mail_to},
    user::{EmailAddress, EmailKey, User, UserRepo},
    verification::{OneTimeToken, TokenPurpose, VerificationError},
};

/// How long links are good that somebody waits for, and those that may lie in a mailbox for a while.
const SHORT: TimeDelta = TimeDelta::minutes(30);
const LONG: TimeDelta = TimeDelta::hours(24);

/// A link to send.
pub(crate) struct Link<'a> {
    /// What its mail tells.
    pub(crate) kind: MailKind,
    /// Whose it is.
    pub(crate) user: Option<Id<User>>,
    /// Where it goes; nowhere, when only the time that it takes matters.
    pub(crate) to: Option<&'a str>,
    /// The address to change to.
    pub(crate) new_email: Option<EmailAddress>,
}

impl<'a> Link<'a> {
    /// A link that goes to a user.
    pub(crate) fn of(kind: MailKind, user: &'a User) -> Self {
        Self {
            kind,
            user: Some(user.id),
            to: Some(user.email.as_str()),
            new_email: None,
        }
    }
}

/// Makes a one-time token, in place of an older one, and puts its mail into the outbox.
pub(crate) async fn send_link<S>(app: &App<S>, tx: &mut impl Repos, link: Link<'_>, at: Timestamp) -> StoreResult<()> {
    let Link {
        kind,
        user,
        to,
        new_email,
    } = link;
    let (purpose, life) = match kind {
        MailKind::VerifyEmail => (TokenPurpose::VerifyEmail, LONG),
        MailKind::Invitation => (TokenPurpose::Invitation, LONG),
        MailKind::ChangeEmail => (TokenPurpose::ChangeEmail, SHORT),
        _ => (TokenPurpose::ResetPassword, SHORT),
    };
    let token = OneTimeToken {
        id: app.mint(at),
        user,
        purpose,
        email: new_email,
        created_at: at,
        expires_at: at + life,
    };
    tx.replace_one_time_token(&token).await?;
    let mail = Mail {
        user,
        token: Some(token.id),
        ..mail_to(app, kind, to, at)
    };
    tx.insert_mail(&mail).await
}

/// Sends a link to choose another password to an address, if somebody has it. It does the same work
/// otherwise.
///
/// # Errors
/// [`VerificationError::TooMany`], whether somebody has the address or not.
pub async fn request_reset<S: Store>(app: &App<S>, address: &EmailKey) -> Result<(), VerificationError> {
    request(app, address, MailKind::ResetPassword, |_| true).await
}

/// Sends a link to verify an address to it, if somebody has it and it is not verified yet. It does the
/// same work otherwise.
///
/// # Errors
/// [`VerificationError::TooMany`], whether somebody has the address or not.
pub async fn resend_verification<S: Store>(app: &App<S>, address: &EmailKey) -> Result<(), VerificationError> {
    request(app, address, MailKind::VerifyEmail, |user| !user.email_verified).await
}

async fn request<S: Store>(
    app: &App<S>,
    address: &EmailKey,
    kind: MailKind,
    is_wanted: impl Fn(&User) -> bool,
) -> Result<(), VerificationError> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    admit_mail(app, &mut tx, address, now).await??;
    let user = tx.find_user_by_email(address).await?.filter(is_wanted);
    let link = Link {
        kind,
        user: user.as_ref().map(|user| user.id),
        to: user.as_ref().map(|user| user.email.as_str()),
        new_email: None,
    };
    send_link(app, &mut tx, link, now).await?;
    tx.commit().await?;
    Ok(())
}
