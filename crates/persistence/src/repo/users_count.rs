//! Queries that count the users of a list, up to a bound.

use std::num::NonZeroU32;

use sea_orm::FromQueryResult;
use vestibule_domain::{UserFilter, UserOrder};

use crate::repo::{row_query::RowQuery, users_role_filter::RoleFilter, users_source::Source};

/// Returns the query that counts the users of a list, up to one more than the bound.
pub(super) fn count(filter: &UserFilter, order: &UserOrder, role: Option<&RoleFilter>, bound: NonZeroU32) -> RowQuery {
    // Of all orders only a search determines which users are in the list.
    let order = if matches!(order, UserOrder::Matching(_)) {
        order
    } else {
        &UserOrder::NewestFirst
    };
    let mut source = Source::new(filter, order, role);
    source.require_first_match(order);
    let rows = u64::from(bound.get()) + 1;
    source.into_query(|from| format!("FROM (SELECT 1 {from} LIMIT {rows}) AS counted"))
}

/// The number of terms that are read to count the users of a search, for each user of the bound. Most users have fewer
/// matching terms.
const TERMS_PER_USER: u64 = 4;

/// The first terms that a search matches.
#[derive(Debug, FromQueryResult)]
pub(super) struct MatchCount {
    users: i64,
    terms: i64,
}

impl MatchCount {
    /// Returns the query for the count.
    pub(super) fn query(
        filter: &UserFilter,
        order: &UserOrder,
        role: Option<&RoleFilter>,
        bound: NonZeroU32,
    ) -> RowQuery {
        let source = Source::new(filter, order, role);
        let (user_id, terms) = (source.user_id(), max_terms(bound));
        source.into_query(|from| format!("FROM (SELECT {user_id} {from} LIMIT {terms}) AS counted"))
    }

    /// The columns of the query.
    pub(super) const SELECT_LIST: &str = "count(DISTINCT user_id) AS users, count(*) AS terms";

    /// Returns the number of users of the search, at most one more than the bound, or `None` if it depends on further
    /// terms.
    pub(super) fn users(&self, bound: NonZeroU32) -> Option<u64> {
        let (users, over_bound) = (self.users.unsigned_abs(), u64::from(bound.get()) + 1);
        let are_all = self.terms.unsigned_abs() < max_terms(bound);
        (are_all || users >= over_bound).then_some(users.min(over_bound))
    }
}

fn max_terms(bound: NonZeroU32) -> u64 {
    TERMS_PER_USER * (u64::from(bound.get()) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_a_search_are_counted_exactly_up_to_the_bound() {
        let bound = NonZeroU32::new(10).expect("positive");
        for (users, terms, expected) in [
            (0, 0, Some(0)),
            (3, 5, Some(3)),
            (10, 43, Some(10)),
            (11, 12, Some(11)),
            (40, 44, Some(11)),
            (11, 44, Some(11)),
            // Further terms may belong to further users.
            (10, 44, None),
        ] {
            let count = MatchCount { users, terms };
            assert_eq!(count.users(bound), expected, "{count:?}");
        }
    }
}
