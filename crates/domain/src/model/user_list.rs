//! Filters, orders and positions of lists of users.

use crate::model::{Id, Limit, RoleName, SearchPrefix, Status, User};

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
