//! Authenticator apps.

use chrono::TimeDelta;

use crate::{
    features::factors::{
        changes::{complete_addition, complete_removal},
        error::{ConfirmTotpError, TotpEnabled, TotpError, WrongTotpCode},
    },
    model::{Actor, AuditAction, AuditEvent, RecoveryCode, Secret, TotpFactor, TotpSecret, User},
    ports::{Commit, FactorRepo, Store, UserRepo},
    services::{
        App,
        error::Error,
        factors::{accept_totp_code, new_totp},
        one_time_tokens::InvalidToken,
        rate_limit,
        step_up::require_fresh,
    },
};

pub(super) const TOTP_ENABLED: AuditAction = AuditAction::new("totp.enabled", "A user set up an authenticator app");
pub(super) const TOTP_DISABLED: AuditAction =
    AuditAction::new("totp.disabled", "A user's authenticator app was removed");

/// The time in which a new secret must be confirmed.
const CONFIRM_TTL: TimeDelta = TimeDelta::minutes(10);

/// The name in emails.
pub(super) const NAME: &str = "an authenticator app";

/// The secret of a new authenticator app, which is never shown again.
#[derive(Debug)]
pub struct NewTotp {
    /// The secret in Base32, to type it in.
    pub secret: Secret<String>,
    /// The URI of a QR code.
    pub uri: Secret<String>,
    /// The time in which it must be confirmed.
    pub expires_in: TimeDelta,
}

/// Generates the secret of an authenticator app, which is not in use until it is confirmed. Replaces an earlier secret
/// that was not confirmed. Requires a recent proof of identity.
///
/// # Errors
/// [`Error::StepUpRequired`], [`TotpError::TotpEnabled`].
pub async fn create_totp<S: Store>(app: &App<S>, actor: &Actor) -> Result<NewTotp, TotpError> {
    let (id, _) = actor.signed_in()?;
    require_fresh(app, actor).await?;
    let mut bytes = vec![0; TotpSecret::NEW_BYTES];
    app.rng.fill(&mut bytes);
    let secret = TotpSecret::new(bytes);
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    if tx.find_totp(id).await?.is_some_and(|totp| totp.confirmed_at.is_some()) {
        return Err(TotpEnabled.into());
    }
    tx.replace_totp(id, &new_totp(app, id, &secret, app.clock.now()))
        .await?;
    tx.commit().await?;
    Ok(NewTotp {
        secret: secret.to_base32(),
        uri: secret.to_uri(&app.policy.site, user.email.as_str()),
        expires_in: CONFIRM_TTL,
    })
}

/// Confirms an authenticator app with a code, which is used up. Returns recovery codes if it is the first factor.
///
/// # Errors
/// [`ConfirmTotpError::InvalidToken`] if there is no secret to confirm or it has expired;
/// [`ConfirmTotpError::WrongTotpCode`], which consumes the quota for passwords; [`ConfirmTotpError::TotpEnabled`];
/// [`Error::RateLimited`].
pub async fn confirm_totp<S: Store>(
    app: &App<S>,
    actor: &Actor,
    code: &str,
) -> Result<Option<Vec<RecoveryCode>>, ConfirmTotpError> {
    let (id, _) = actor.signed_in()?;
    let user = app.store.db().find_user(id).await?.ok_or(Error::not_found::<User>())?;
    let quota = rate_limit::acquire_for_code(app, actor.client(), &user).await?;
    let confirmed = confirm(app, actor, &user, code).await;
    if !matches!(confirmed, Err(ConfirmTotpError::WrongTotpCode(_))) {
        quota.refund(app).await?;
    }
    confirmed
}

async fn confirm<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: &User,
    code: &str,
) -> Result<Option<Vec<RecoveryCode>>, ConfirmTotpError> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(user.id).await?.ok_or(Error::not_found::<User>())?;
    let totp = tx.find_totp(user.id).await?.ok_or(InvalidToken)?;
    if totp.confirmed_at.is_some() {
        return Err(TotpEnabled.into());
    }
    if now >= totp.created_at + CONFIRM_TTL {
        return Err(InvalidToken.into());
    }
    let used = accept_totp_code(app, user.id, totp, code, now).ok_or(WrongTotpCode)?;
    let confirmed = TotpFactor {
        confirmed_at: Some(now),
        ..used
    };
    tx.replace_totp(user.id, &confirmed).await?;
    let event = AuditEvent::new(app, now, actor, TOTP_ENABLED).target(user.id);
    let codes = complete_addition(app, &mut tx, actor, &user, NAME, event).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Removes the actor's authenticator app, confirmed or not. Requires a recent proof of identity.
///
/// # Errors
/// [`Error::StepUpRequired`].
pub async fn remove_totp<S: Store>(app: &App<S>, actor: &Actor) -> Result<(), Error> {
    let (id, _) = actor.signed_in()?;
    require_fresh(app, actor).await?;
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    let Some(totp) = tx.find_totp(id).await? else {
        return Ok(());
    };
    tx.delete_totp(id).await?;
    if totp.confirmed_at.is_some() {
        let event = AuditEvent::new(app, app.clock.now(), actor, TOTP_DISABLED).target(id);
        complete_removal(app, &mut tx, &user, NAME, event).await?;
    }
    tx.commit().await?;
    Ok(())
}
