//! Deleting an account.

use chrono::TimeDelta;

use crate::{
    model::{Actor, AuditAction, AuditEvent, Id, IfMatch, StoredPassword, User},
    ports::{AuditRepo, Commit, IdempotencyRepo, RoleRepo, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App,
        accounts::is_last_admin,
        error::{DeleteAccountError, Error, LastAdmin},
        purge::{BATCH, in_batches},
        step_up::is_still_current,
    },
};

pub(crate) const USER_DELETED: AuditAction = AuditAction::new("user.deleted", "A user was deleted");

/// The maximum difference between the clocks of instances.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(10);

/// A condition for deleting an account. In addition, an administrator must always remain.
#[derive(Clone, Copy)]
pub(crate) enum Precondition<'a> {
    /// The actor has every permission of the user, and the user is at an expected version.
    Version(&'a IfMatch),
    /// The user has proved who they are; a password that was verified is still the same.
    Proof(Option<&'a StoredPassword>),
}

/// Deletes an account and the personal data in its history.
pub(crate) async fn delete_account<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    precondition: Precondition<'_>,
) -> Result<(), DeleteAccountError> {
    let started = app.clock.now();
    drop(begin_deletion(app, actor, id, precondition).await?);
    clear_history(app, id).await?;
    let (mut tx, user) = begin_deletion(app, actor, id, precondition).await?;
    let now = app.clock.now();
    tx.detach_sessions(user.id, now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, USER_DELETED).target(user.id))
        .await?;
    // Events that were recorded in the meantime, possibly by an instance whose clock runs behind.
    let mut after = Some(app.new_id(started - CLOCK_SKEW));
    while after.is_some() {
        after = tx.anonymize_events(user.id, after, BATCH).await?;
    }
    tx.delete_responses_about(user.id).await?;
    tx.delete_user(user.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Begins the transaction of the deletion and checks the preconditions.
async fn begin_deletion<S: Store>(
    app: &App<S>,
    actor: &Actor,
    id: Id<User>,
    precondition: Precondition<'_>,
) -> Result<(S::Transaction, User), DeleteAccountError> {
    let mut tx = app.store.begin().await?;
    tx.lock_administration().await?;
    let user = tx.lock_user(id).await?.ok_or(Error::not_found::<User>())?;
    match precondition {
        Precondition::Version(expected) => {
            actor.require_can_manage(id, &tx.permissions_of(id).await?)?;
            expected.check(user.version)?;
        }
        Precondition::Proof(verified) => {
            if !is_still_current(&tx, id, verified).await? {
                return Err(Error::WrongPassword.into());
            }
        }
    }
    if is_last_admin(&tx, &app.policy, &user).await? {
        return Err(LastAdmin.into());
    }
    tx.check_user_deletable(id).await?;
    Ok((tx, user))
}

/// Detaches ended sessions from the user and anonymises the user's audit events, in batches.
///
/// There may be many rows, so this runs before the transaction of the deletion, which then holds its locks only
/// briefly. If a precondition no longer holds afterwards, the account remains and has lost only this history.
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
