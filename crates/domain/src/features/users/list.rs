//! Listing users.

use std::num::NonZeroU32;

use crate::{
    model::{Actor, ListUsers, Listed, Page, Permission, Total, UserOrder, UserPosition, UserRow},
    ports::{Store, StoreResult, UserRepo},
    services::{App, error::Error},
};

/// Counting goes no further than this.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// Counting what matches a search goes no further than this: it asks for each row whether an earlier
/// term matched the same user.
const SEARCH_COUNT_BOUND: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// One page of users, counted on the first page. Needs `users:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListUsers,
) -> Result<Page<UserRow, UserPosition>, Error> {
    actor.require(&Permission::USERS_READ)?;
    let conn = app.store.db();
    let rows = conn.list_users(list).await?;
    let total = match list.after {
        Some(_) => None,
        None => Some(count(conn, list, &rows).await?),
    };
    Ok(Page::cut(rows, list.limit, total))
}

/// How many users the list has that begins with these rows.
async fn count(repos: &impl UserRepo, list: &ListUsers, first: &[Listed<UserRow, UserPosition>]) -> StoreResult<Total> {
    if let Some(total) = list.limit.total_of_first(first) {
        return Ok(total);
    }
    let bound = list.order.count_bound();
    let counted = repos.count_users(&list.filter, &list.order, bound).await?;
    Ok(Total::bounded(counted, bound))
}

impl UserOrder {
    const fn count_bound(&self) -> NonZeroU32 {
        match self {
            Self::Matching(_) => SEARCH_COUNT_BOUND,
            Self::NewestFirst | Self::OldestFirst | Self::Email | Self::EmailDescending => COUNT_BOUND,
        }
    }
}
