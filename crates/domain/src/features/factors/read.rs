//! Reading the factors of users.

use crate::{
    model::{Actor, Factors, Id, Permission, User},
    ports::{Store, UserRepo},
    services::{App, error::Error, factors::list_factors},
};

/// Returns the actor's factors.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn get_own<S: Store>(app: &App<S>, actor: &Actor) -> Result<Factors, Error> {
    let (user, _) = actor.signed_in()?;
    find(app, user).await
}

/// Returns the factors of any user. Requires `users:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn get<S: Store>(app: &App<S>, actor: &Actor, user: Id<User>) -> Result<Factors, Error> {
    actor.require(&Permission::USERS_READ)?;
    find(app, user).await
}

async fn find<S: Store>(app: &App<S>, user: Id<User>) -> Result<Factors, Error> {
    let db = app.store.db();
    let user = db.find_user(user).await?.ok_or(Error::not_found::<User>())?;
    Ok(list_factors(db, &user).await?)
}
