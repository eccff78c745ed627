//! Lists of users.

use std::num::NonZeroU32;

use crate::{
    Actor, App, Id, Limit, Listed, Page, Permission, Store, StoreResult, Total,
    role::RoleName,
    user::{SearchPrefix, Status, User, UserError, UserRepo, UserRow},
};

/// Which users to list, in what order and from where on.
#[derive(Debug, Clone, Default)]
pub struct ListUsers {
    /// Which users.
    pub filter: UserFilter,
    /// In what order.
    pub order: UserOrder,
    /// Those after this position; from the start when there is none.
    pub after: Option<UserPosition>,
    /// How many at most.
    pub limit: Limit,
}

/// Which users to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those with this role. A role that does not exist has no users.
    pub role: Option<RoleName>,
}

/// The order of a list of users.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum UserOrder {
    /// The newest first.
    #[default]
    NewestFirst,
    /// The oldest first.
    OldestFirst,
    /// By the key of the address.
    Email,
    /// By the key of the address, backwards.
    EmailDescending,
    /// Only those with an address or a word of the name that starts so, by what matched.
    Matching(SearchPrefix),
}

/// The place of a user in a list: where the next page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPosition {
    /// What the list is ordered by: the key of the address, the term that matched, or nothing when the
    /// identifier alone orders.
    pub key: String,
    /// The user.
    pub id: Id<User>,
}

/// Counting goes no further than this.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// Counting what matches a search goes no further than this: it asks for each row whether an earlier
/// term matched the same user.
const SEARCH_COUNT_BOUND: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// One page of users, counted on the first page. Needs `users:read`.
///
/// # Errors
/// [`UserError::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListUsers,
) -> Result<Page<UserRow, UserPosition>, UserError> {
    actor.require(&Permission::USERS_READ)?;
    let conn = app.store.conn();
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
