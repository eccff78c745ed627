//! Showing that an address is one's own.

use crate::{
    Actor, App, Commit, Store,
    audit::{Action, AuditEvent, AuditRepo},
    credential::{CredentialError, PasswordAttempt, confirm_of},
    user::{User, UserRepo},
    verification::{LinkToken, OneTimeToken, TokenPurpose, VerificationError, VerificationRepo},
};

/// How somebody shows that the account is theirs too: the mailbox alone could be that of somebody whose
/// address another one signed up with.
#[derive(Debug)]
pub enum Proof {
    /// The actor is signed in.
    Session,
    /// The password of the account.
    Password(PasswordAttempt),
}

/// Marks the address of an account as verified.
///
/// # Errors
/// [`VerificationError::InvalidToken`], also when the session is not that of the account or the password
/// is wrong, which keeps the token; [`VerificationError::TooMany`].
pub async fn verify_email<S: Store>(
    app: &App<S>,
    actor: &Actor,
    token: Option<&LinkToken>,
    proof: Proof,
) -> Result<(), VerificationError> {
    let (token, user) = owner(app, token, &[TokenPurpose::VerifyEmail]).await?;
    match proof {
        Proof::Session if actor.is(user.id) => {}
        Proof::Session => return Err(VerificationError::InvalidToken),
        Proof::Password(password) => {
            confirm_of(app, actor, &user, password)
                .await
                .map_err(|error| match error {
                    CredentialError::WrongPassword => VerificationError::InvalidToken,
                    other => other.into(),
                })?;
        }
    }
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(VerificationError::InvalidToken)?;
    if !tx.consume_one_time_token(token.id, now).await? {
        return Err(VerificationError::InvalidToken);
    }
    if !user.email_verified {
        let user = User {
            email_verified: true,
            ..user.clone()
        };
        tx.update_user(&user.touched(now)).await?;
    }
    tx.insert_event(&AuditEvent::new(app, now, actor, Action::EmailVerified).to(user.id))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The row of a token that is good now for one of these purposes, and whose it is.
pub(super) async fn owner<S: Store>(
    app: &App<S>,
    token: Option<&LinkToken>,
    purposes: &[TokenPurpose],
) -> Result<(OneTimeToken, User), VerificationError> {
    let genuine = token.and_then(|token| {
        let mut purposes = purposes.iter();
        let purpose = purposes.find(|purpose| token.is_genuine(**purpose, app.keyed.as_ref()))?;
        Some((token.id, *purpose))
    });
    let conn = app.store.conn();
    let row = match genuine {
        Some((id, purpose)) => conn.find_token_for(id, purpose).await?,
        None => None,
    };
    let good = row.filter(|row| row.expires_at > app.clock.now());
    let row = good.ok_or(VerificationError::InvalidToken)?;
    let user = match row.user {
        Some(user) => conn.find_user(user).await?,
        None => None,
    };
    Ok((row, user.ok_or(VerificationError::InvalidToken)?))
}
