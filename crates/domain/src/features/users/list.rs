//! Listing users.

use std::num::NonZeroU32;

use crate::{
    model::{Actor, ListUsers, Page, Permission, UserOrder, UserPosition, UserRow},
    ports::{Store, UserRepo},
    services::{
        App,
        error::Error,
        pages::{COUNT_BOUND, page},
    },
};

/// The number of matches of a search at which counting stops. It is lower, because counting checks for each row whether
/// an earlier term of the same user matches.
const SEARCH_COUNT_BOUND: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// Returns one page of users. The first page includes the total. Requires `users:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListUsers,
) -> Result<Page<UserRow, UserPosition>, Error> {
    actor.require(&Permission::USERS_READ)?;
    let (db, bound) = (app.store.db(), list.order.count_bound());
    let rows = db.list_users(list).await?;
    let count = db.count_users(&list.filter, &list.order, bound);
    Ok(page(list, rows, bound, count).await?)
}

impl UserOrder {
    const fn count_bound(&self) -> NonZeroU32 {
        match self {
            Self::Matching(_) => SEARCH_COUNT_BOUND,
            Self::NewestFirst | Self::OldestFirst | Self::Email | Self::EmailDescending => COUNT_BOUND,
        }
    }
}
