//! Filters, orders and positions of lists of users.

use crate::model::{Id, ListRequest, Position, RoleName, SearchPrefix, Status, User};

/// A request for one page of users.
pub type ListUsers = ListRequest<UserFilter, UserOrder, UserPosition>;

/// Criteria that users must meet; `None` matches every user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Has this status.
    pub status: Option<Status>,
    /// Has this role. A role that does not exist has no users.
    pub role: Option<RoleName>,
    /// Has one of these identifiers.
    pub ids: Option<Vec<Id<User>>>,
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

/// The position of a user in a list. The key is the normalized email address or the matching search term.
pub type UserPosition = Position<User>;
