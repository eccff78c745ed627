//! Listing users.

use std::num::NonZeroU32;

use crate::{
    model::{Actor, ListUsers, Listed, Page, Permission, Total, UserOrder, UserPosition, UserRow},
    ports::{Store, StoreResult, UserRepo},
    services::{App, error::Error},
};

/// The number of rows at which counting stops.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

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
    let db = app.store.db();
    let rows = db.list_users(list).await?;
    let total = match list.after {
        Some(_) => None,
        None => Some(count(db, list, &rows).await?),
    };
    Ok(Page::new(rows, list.limit, total))
}

/// Counts the users of the list whose first page has these rows.
async fn count(repos: &impl UserRepo, list: &ListUsers, first: &[Listed<UserRow, UserPosition>]) -> StoreResult<Total> {
    if let Some(total) = list.limit.total_of_first_page(first) {
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
