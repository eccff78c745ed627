//! Filters, orders and positions of lists of users.

use crate::model::{Id, Limit, RoleName, SearchPrefix, Status, User};

/// A request for one page of users.
#[derive(Debug, Clone, Default)]
pub struct ListUsers {
    /// The criteria.
    pub filter: UserFilter,
    /// The order.
    pub order: UserOrder,
    /// The position after which the page starts; `None` for the first page.
    pub after: Option<UserPosition>,
    /// The maximum number of users.
    pub limit: Limit,
}

/// Criteria that users must meet; `None` matches every user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Has this status.
    pub status: Option<Status>,
    /// Has this role. A role that does not exist has no users.
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
    /// By the normalized email address.
    Email,
    /// By the normalized email address, descending.
    EmailDescending,
    /// By the matching search term. Only users whose email address, or whose name from some word on, starts with the
    /// prefix.
    Matching(SearchPrefix),
}

/// The position of a user in a list, after which the next page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPosition {
    /// The sort key: the normalized email address or the matching search term; empty if the list is ordered by
    /// identifier alone.
    pub key: String,
    /// The user.
    pub id: Id<User>,
}
