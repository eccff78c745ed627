//! Reading single users.

use crate::{
    model::{Actor, EmailAddress, Id, NormalizedEmail, Permission, User},
    ports::{Store, UserRepo},
    services::{
        App,
        error::{Error, Resource},
    },
};

/// A user. Needs `users:read`, save for oneself.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn get<S: Store>(app: &App<S>, actor: &Actor, id: Id<User>) -> Result<User, Error> {
    if !actor.is(id) {
        actor.require(&Permission::USERS_READ)?;
    }
    app.store
        .db()
        .find_user(id)
        .await?
        .ok_or(Error::NotFound(Resource::User))
}

/// The user with this address. Needs `users:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn find_by_email<S: Store>(app: &App<S>, actor: &Actor, email: &NormalizedEmail) -> Result<User, Error> {
    actor.require(&Permission::USERS_READ)?;
    app.store
        .db()
        .find_user_by_email(email)
        .await?
        .ok_or(Error::NotFound(Resource::User))
}

/// How many users are read at a time.
const BATCH: u32 = 500;

/// Finds users whose address [`EmailAddress::parse`] would not accept today, or not with the same key, at most so
/// many. Such an account may occupy the address of another person: `ｂob@example.com` has the key of
/// `bob@example.com`. It still signs in. Reads every user with a non-ASCII address. Needs `users:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn find_unacceptable_emails<S: Store>(app: &App<S>, actor: &Actor, most: usize) -> Result<Vec<User>, Error> {
    actor.require(&Permission::USERS_READ)?;
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let users = app.store.db().list_non_ascii_emails(after, BATCH).await?;
        let is_last = users.len() < BATCH as usize;
        after = users.last().map(|user| user.id).or(after);
        found.extend(users.into_iter().filter(|user| !is_acceptable(&user.email)));
        if is_last || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
    }
}

fn is_acceptable(stored: &EmailAddress) -> bool {
    EmailAddress::parse(stored.as_str()).is_ok_and(|email| email.normalized() == stored.normalized())
}
