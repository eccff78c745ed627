//! The secrets of authenticator apps after a change of the secret key.

use crate::{
    features::factors::{
        changes::complete_removal,
        totp::{NAME, TOTP_DISABLED},
    },
    model::{Actor, AuditEvent, Id, TotpFactor, User},
    ports::{Commit, FactorRepo, OpenedSecret, Store, StoreResult, UserRepo},
    services::{App, purge::BATCH},
};

/// Encrypts the secrets that are encrypted under the previous secret key again, under the current one. Returns how many
/// there were.
///
/// # Errors
/// The store failed. The secrets before that are encrypted again.
pub async fn reseal_totp_secrets<S: Store>(app: &App<S>) -> StoreResult<u64> {
    if !app.factor_crypto.is_rotating() {
        return Ok(0);
    }
    let mut count = 0;
    for user in find_users(app, |opened| opened.is_some_and(|opened| opened.outdated)).await? {
        let mut tx = app.store.begin().await?;
        tx.lock_user(user).await?;
        let Some(totp) = tx.find_totp(user).await? else {
            continue;
        };
        let Some(opened) = open(app, user, &totp) else { continue };
        let sealed_secret = app
            .factor_crypto
            .seal(user.as_uuid().as_bytes(), opened.secret.expose());
        tx.replace_totp(user, &TotpFactor { sealed_secret, ..totp }).await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}

/// Removes the authenticator apps whose secrets cannot be decrypted, because the secret key was lost. Returns how many
/// there were.
///
/// # Errors
/// The store failed. The apps before that are removed.
pub async fn remove_unreadable_totp<S: Store>(app: &App<S>, actor: &Actor) -> StoreResult<u64> {
    let mut count = 0;
    for user in find_users(app, |opened| opened.is_none()).await? {
        let mut tx = app.store.begin().await?;
        let Some(user) = tx.lock_user(user).await? else {
            continue;
        };
        let totp = tx.find_totp(user.id).await?;
        tx.delete_totp(user.id).await?;
        if totp.is_some_and(|totp| totp.confirmed_at.is_some()) {
            let event = AuditEvent::new(app, app.clock.now(), actor, TOTP_DISABLED).target(user.id);
            complete_removal(app, &mut tx, &user, NAME, event).await?;
            count += 1;
        }
        tx.commit().await?;
    }
    Ok(count)
}

/// Returns the users whose secret meets a condition.
async fn find_users<S: Store>(
    app: &App<S>,
    is_wanted: impl Fn(Option<OpenedSecret>) -> bool,
) -> StoreResult<Vec<Id<User>>> {
    let mut users = Vec::new();
    let mut after = None;
    loop {
        let batch = app.store.db().list_totp(after, BATCH).await?;
        let Some((last, _)) = batch.last() else {
            return Ok(users);
        };
        after = Some(*last);
        let wanted = batch.iter().filter(|(user, totp)| is_wanted(open(app, *user, totp)));
        users.extend(wanted.map(|(user, _)| *user));
    }
}

fn open<S>(app: &App<S>, user: Id<User>, totp: &TotpFactor) -> Option<OpenedSecret> {
    app.factor_crypto.open(user.as_uuid().as_bytes(), &totp.sealed_secret)
}
