//! Deleting an account.

use chrono::TimeDelta;

use crate::{
    model::{Actor, AuditAction, AuditEvent, Id, IfMatch, StoredPassword, User},
    ports::{AuditRepo, Commit, CredentialRepo, IdempotencyRepo, RoleRepo, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App,
        accounts::ensure_admin_remains,
        error::{Error, Resource, UserError},
        purge::{BATCH, in_batches},
    },
};

/// How far the clocks of instances may be apart.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(10);

/// What has to hold when the account is deleted, besides that an administrator remains.
#[derive(Clone, Copy)]
pub(crate) enum Check<'a> {
    /// The actor has every permission of the user, who is at an expected version.
    Version(&'a IfMatch),
    /// The password of the user is still this one.
    Password(&'a StoredPassword),
}

pub(crate) async fn remove<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    check: Check<'_>,
) -> Result<(), UserError> {
    let started = app.clock.now();
    drop(admit(app, actor, id, check).await?);
    clear_history(app, id).await?;
    let (mut tx, user) = admit(app, actor, id, check).await?;
    let now = app.clock.now();
    tx.detach_sessions(user.id, now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, AuditAction::UserDeleted).target(user.id))
        .await?;
    // Those that came meanwhile, by whichever clock.
    let mut after = Some(app.new_id(started - CLOCK_SKEW));
    while after.is_some() {
        after = tx.anonymize_events(user.id, after, BATCH).await?;
    }
    tx.delete_responses_about(user.id).await?;
    tx.delete_user(user.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Begins the transaction of the deletion, if it may go on.
async fn admit<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    check: Check<'_>,
) -> Result<(S::Transaction, User), UserError> {
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::NotFound(Resource::User))?;
    match check {
        Check::Version(expected) => {
            actor.require_can_manage(id, &tx.permissions_of(id).await?)?;
            expected.check(user.version)?;
        }
        Check::Password(verified) => {
            if !verified.is_current(tx.find_password(id).await?.as_ref()) {
                return Err(Error::WrongPassword.into());
            }
        }
    }
    ensure_admin_remains(&tx, &app.policy, &user).await?;
    Ok((tx, user))
}

/// Clears what can be much, in batches before the transaction of the deletion, which therefore never holds
/// up others for long: sessions that have ended, and where the user was.
///
/// If the deletion is refused after that, because of a change in the meantime, the account has lost nothing
/// but this history.
async fn clear_history<S: Store>(app: &App<S>, user: Id<User>) -> StoreResult<()> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.detach_ended_sessions(user, now, limit).await).await?;
    let mut after = None;
    loop {
        let mut tx = app.store.begin().await?;
        after = tx.anonymize_events(user, after, BATCH).await?;
        tx.commit().await?;
        if after.is_none() {
            return Ok(());
        }
    }
}
