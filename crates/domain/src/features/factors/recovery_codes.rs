//! Recovery codes, each of which proves a second factor once.

use crate::{
    features::factors::error::{NoFactor, RecoveryCodesError},
    model::{Actor, AuditAction, AuditEvent, EmailKind, RecoveryCode, User},
    ports::{AuditRepo, Commit, FactorRepo, Store, UserRepo},
    services::{App, error::Error, factors::generate_recovery_codes, outbox::notify, step_up::require_fresh},
};

pub(super) const RECOVERY_CODES_GENERATED: AuditAction = AuditAction::new(
    "recovery_codes.generated",
    "A user received new recovery codes; the earlier ones are void",
);

/// Generates new recovery codes, which replace the earlier ones. Requires a recent proof of identity.
///
/// # Errors
/// [`Error::StepUpRequired`]; [`RecoveryCodesError::NoFactor`] if the actor has no second factor.
pub async fn replace_recovery_codes<S: Store>(
    app: &App<S>,
    actor: &Actor,
) -> Result<Vec<RecoveryCode>, RecoveryCodesError> {
    let (id, _) = actor.signed_in()?;
    require_fresh(app, actor).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    if !tx.has_second_factor(id).await? {
        return Err(NoFactor.into());
    }
    let codes = generate_recovery_codes(app, &mut tx, id).await?;
    notify(app, &mut tx, EmailKind::RecoveryCodesGenerated, &user, None, now).await?;
    let event = AuditEvent::new(app, now, actor, RECOVERY_CODES_GENERATED);
    tx.insert_event(&event.target(id)).await?;
    tx.commit().await?;
    Ok(codes)
}
