//! Reading single users.

use crate::{
    model::{Actor, EmailAddress, Id, NormalizedEmail, Permission, User},
    ports::{Store, UserRepo},
    services::{App, error::Error},
};

/// Returns a user. Requires `users:read`, except for the actor's own account.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn get<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>) -> Result<User, Error> {
    if !actor.is(id) {
        actor.require(&Permission::USERS_READ)?;
    }
    app.store.db().find_user(id).await?.ok_or(Error::not_found::<User>())
}

/// Returns the user with this email address. Requires `users:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn find_by_email<S: Store>(app: &App<S>, actor: &Actor, email: &NormalizedEmail) -> Result<User, Error> {
    actor.require(&Permission::USERS_READ)?;
    app.store
        .db()
        .find_user_by_email(email)
        .await?
        .ok_or(Error::not_found::<User>())
}

/// The number of users that are read at a time.
const BATCH: u32 = 500;

/// Returns at most `max` users whose email address [`EmailAddress::parse`] no longer accepts, or normalizes
/// differently. They can still sign in, but may block the address of another person: `ｂob@example.com` has the same
/// normalized form as `bob@example.com`. Reads every user with a non-ASCII address. Requires `users:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn find_unacceptable_emails<S: Store>(app: &App<S>, actor: &Actor, max: usize) -> Result<Vec<User>, Error> {
    actor.require(&Permission::USERS_READ)?;
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let users = app.store.db().list_non_ascii_emails(after, BATCH).await?;
        let is_last = users.len() < BATCH as usize;
        after = users.last().map(|user| user.id).or(after);
        found.extend(users.into_iter().filter(|user| !is_acceptable(&user.email)));
        if is_last || found.len() >= max {
            found.truncate(max);
            return Ok(found);
        }
    }
}

fn is_acceptable(stored: &EmailAddress) -> bool {
    EmailAddress::parse(stored.as_str()).is_ok_and(|email| email.normalized() == stored.normalized())
}
