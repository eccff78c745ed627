//! The consequences of adding and removing factors.

use crate::{
    features::factors::recovery_codes::RECOVERY_CODES_GENERATED,
    model::{Actor, AuditEvent, EmailKind, RecoveryCode, User},
    ports::{Repositories, StoreResult},
    services::{
        App,
        factors::{generate_recovery_codes, update_second_factor},
        outbox::notify,
    },
};

/// Completes the addition of a factor that `event` records: notifies the user, and generates recovery codes with the
/// first factor. `name` describes the factor.
pub(super) async fn complete_addition<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    actor: &Actor,
    user: &User,
    name: &str,
    event: AuditEvent,
) -> StoreResult<Option<Vec<RecoveryCode>>> {
    let is_first = !tx.has_second_factor(user.id).await?;
    update_second_factor(tx, user.id).await?;
    let at = event.occurred_at;
    tx.insert_event(&event).await?;
    notify(app, tx, EmailKind::FactorAdded, user, Some(name.to_owned()), at).await?;
    if !is_first {
        return Ok(None);
    }
    let codes = generate_recovery_codes(app, tx, user.id).await?;
    // Each event has a different time, so that they keep this order.
    let generated = AuditEvent::new(app, app.clock.now(), actor, RECOVERY_CODES_GENERATED);
    tx.insert_event(&generated.target(user.id)).await?;
    Ok(Some(codes))
}

/// Completes the removal of a factor that `event` records: notifies the user, and deletes the recovery codes with the last
/// factor. `name` describes the factor.
pub(super) async fn complete_removal<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    user: &User,
    name: &str,
    event: AuditEvent,
) -> StoreResult<()> {
    update_second_factor(tx, user.id).await?;
    let at = event.occurred_at;
    tx.insert_event(&event).await?;
    notify(app, tx, EmailKind::FactorRemoved, user, Some(name.to_owned()), at).await
}
