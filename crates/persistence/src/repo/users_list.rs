//! Queries that list and count users, with keyset pagination: each page continues an index scan after the last row of
//! the previous one.

use std::{num::NonZeroU32, sync::LazyLock};

use sea_orm::{DbErr, FromQueryResult, Value};
use serde::Deserialize;
use vestibule_domain::{
    Id, ListUsers, Listed, SearchPrefix, Status, Timestamp, UserFilter, UserOrder, UserPosition, UserRow,
};

use crate::repo::{
    readable,
    row_query::{Column, Columns, RowQuery, Unreadable},
    users_role_filter::RoleFilter,
    users_row::{JOIN_ROLES, StoredUser, USER_COLUMNS},
};

/// A user in a list as stored, with one of the user's roles.
#[derive(Debug, FromQueryResult, Deserialize)]
pub(super) struct StoredRow {
    #[sea_orm(nested)]
    user: StoredUser,
    last_sign_in_at: Option<Timestamp>,
    /// The sort key; empty if the list is sorted by identifier.
    position_key: String,
}

/// The columns of [`StoredRow`] in the query of [`page`].
pub(super) static COLUMNS: LazyLock<Columns> = LazyLock::new(|| {
    Columns::new(&[
        Column::Row(USER_COLUMNS),
        Column::Value("last_sign_in_at", "users.last_sign_in_at"),
        Column::Value("position_key", "users.position_key"),
    ])
});

type ListedUser = Listed<UserRow, UserPosition>;

/// Reads the rows of a page. An unreadable user is skipped; an unreadable position fails the page.
pub(super) fn read_rows(rows: Vec<Result<StoredRow, Box<Unreadable>>>) -> Result<Vec<ListedUser>, DbErr> {
    let mut users: Vec<ListedUser> = Vec::new();
    for row in rows {
        let position = read_position(&row)?;
        let previous = users.last_mut().filter(|user| user.position == position);
        match (previous, row) {
            (None, Ok(row)) => users.push(Listed {
                position,
                row: Some(UserRow {
                    user: row.user.into(),
                    last_sign_in_at: row.last_sign_in_at,
                }),
            }),
            (None, Err(row)) => users.push(Listed {
                row: readable("users", position.id, Err(row.error)),
                position,
            }),
            (
                Some(Listed {
                    row: Some(previous), ..
                }),
                Ok(row),
            ) => row.user.add_role_to(&mut previous.user),
            (Some(_), _) => {}
        }
    }
    Ok(users)
}

fn read_position(row: &Result<StoredRow, Box<Unreadable>>) -> Result<UserPosition, DbErr> {
    let (key, id) = match row {
        Ok(row) => (row.position_key.clone(), row.user.id),
        Err(unreadable) => (
            unreadable.row.try_get("", "position_key")?,
            unreadable.row.try_get("", "id")?,
        ),
    };
    let id = Id::from_uuid(id);
    Ok(UserPosition { key, id })
}

/// Returns the query for one page and one more row, which shows whether another page follows. `role` is the role of the
/// filter.
pub(super) fn page(list: &ListUsers, role: Option<&RoleFilter>) -> RowQuery {
    let ListUsers {
        filter,
        order,
        after,
        limit,
    } = list;
    let mut source = Source::new(filter, order, role);
    source.needs_users = true;
    source.require_first_match(order);
    let order_by = OrderBy::new(order, role.is_some());
    if let Some(after) = after {
        source.require_later(order, &order_by, after);
    }
    let (key, inner, outer) = (order_by.position_key, order_by.inner(), order_by.outer());
    // A literal, because PostgreSQL plans a statement with an unknown limit again for each execution.
    let rows = limit.get() + 1;
    source.into_query(|from| {
        format!(
            "FROM (SELECT users.*, {key} AS position_key {from} ORDER BY {inner} LIMIT {rows}) AS users \
             {JOIN_ROLES} ORDER BY {outer}"
        )
    })
}

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

/// The users of a list: the tables, and the conditions with their values. A search needs only the table of search terms;
/// it joins `users` for the columns and the filter by status.
struct Source {
    is_search: bool,
    needs_users: bool,
    joins_roles: bool,
    conditions: Vec<String>,
    query: RowQuery,
}

impl Source {
    fn new(filter: &UserFilter, order: &UserOrder, role: Option<&RoleFilter>) -> Self {
        let mut source = Self {
            is_search: false,
            needs_users: filter.status.is_some(),
            joins_roles: false,
            conditions: Vec::new(),
            query: RowQuery::default(),
        };
        if let UserOrder::Matching(prefix) = order {
            source.is_search = true;
            source.require_match(prefix);
        }
        if let Some(status) = &filter.status {
            let status = match status {
                // A literal, because the planner can estimate the number of users for it, as for a role.
                Status::Active | Status::Disabled => format!("'{}'", status.as_str()),
                Status::Other(name) => source.query.bind(name.as_str()),
            };
            source.conditions.push(format!("users.status = {status}"));
        }
        if let Some(role) = role {
            source.joins_roles = !checks_each_user(order, role);
            source.conditions.push(if source.joins_roles {
                role.is("user_roles.role_id")
            } else {
                role.has_user(source.user_id())
            });
        }
        source
    }

    fn user_id(&self) -> &'static str {
        if self.is_search {
            "user_search_terms.user_id"
        } else {
            "users.id"
        }
    }

    /// Matches the terms that start with a prefix: a range of the index, without `LIKE`.
    fn require_match(&mut self, prefix: &SearchPrefix) {
        let start = self.bind_term(prefix.as_str());
        self.conditions.push(format!("user_search_terms.term >= {start}"));
        if let Some(end) = prefix.end() {
            let end = self.bind_term(end);
            self.conditions.push(format!("user_search_terms.term < {end}"));
        }
    }

    /// Of several matching terms of a user, matches only the first, so that the user is listed once.
    fn require_first_match(&mut self, order: &UserOrder) {
        if let UserOrder::Matching(prefix) = order {
            let start = self.bind_term(prefix.as_str());
            self.conditions.push(format!(
                "NOT EXISTS (SELECT 1 FROM user_search_terms AS earlier \
                 WHERE earlier.user_id = user_search_terms.user_id \
                 AND earlier.term >= {start} AND earlier.term < user_search_terms.term)"
            ));
        }
    }

    /// Adds a term. Returns an expression for it that the planner of PostgreSQL cannot estimate, because it would
    /// otherwise plan the statement again for each execution, which takes as long as the execution.
    fn bind_term(&mut self, term: impl Into<Value>) -> String {
        format!("(SELECT CAST({} AS text))", self.query.bind(term))
    }

    /// Matches the rows that follow a position.
    fn require_later(&mut self, order: &UserOrder, order_by: &OrderBy, after: &UserPosition) {
        let (key, id) = (after.key.as_str(), after.id.as_uuid());
        let position = match order {
            UserOrder::NewestFirst | UserOrder::OldestFirst => self.query.bind(id),
            UserOrder::Email | UserOrder::EmailDescending => self.query.bind(key),
            UserOrder::Matching(_) => format!("{}, {}", self.query.bind(key), self.query.bind(id)),
        };
        let comparison = if order_by.direction == DESCENDING { "<" } else { ">" };
        let columns = order_by.columns.join(", ");
        self.conditions.push(format!("({columns}) {comparison} ({position})"));
    }

    /// Completes the query. `wrap` receives the text from `FROM` to the conditions.
    fn into_query(mut self, wrap: impl FnOnce(String) -> String) -> RowQuery {
        let table = if self.is_search { "user_search_terms" } else { "users" };
        let mut from = vec![format!("FROM {table}")];
        if self.is_search && self.needs_users {
            from.push("JOIN users ON users.id = user_search_terms.user_id".to_owned());
        }
        if self.joins_roles {
            from.push(format!("JOIN user_roles ON user_roles.user_id = {}", self.user_id()));
        }
        if !self.conditions.is_empty() {
            from.push(format!("WHERE {}", self.conditions.join(" AND ")));
        }
        self.query.from = wrap(from.join(" "));
        self.query
    }
}

/// Returns whether the query scans the users and checks each for the role, instead of joining the users of the role.
/// This is faster for a role of many users in the order of email addresses.
fn checks_each_user(order: &UserOrder, role: &RoleFilter) -> bool {
    role.has_many_users && matches!(order, UserOrder::Email | UserOrder::EmailDescending)
}

const ASCENDING: &str = "ASC";
const DESCENDING: &str = "DESC";

/// The order of a list in SQL. Each order is the order of an index; with a role, of the index by role.
struct OrderBy {
    /// The columns of the index.
    columns: &'static [&'static str],
    /// The same columns of a page.
    page_columns: &'static [&'static str],
    direction: &'static str,
    /// The key of [`UserPosition`].
    position_key: &'static str,
}

impl OrderBy {
    fn new(order: &UserOrder, has_role: bool) -> Self {
        const EMAIL: &str = "users.normalized_email";
        const TERM: &str = "user_search_terms.term";
        let direction = match order {
            UserOrder::NewestFirst | UserOrder::EmailDescending => DESCENDING,
            UserOrder::OldestFirst | UserOrder::Email | UserOrder::Matching(_) => ASCENDING,
        };
        let (columns, page_columns, position_key): (&[_], &[_], _) = match order {
            UserOrder::NewestFirst | UserOrder::OldestFirst if has_role => {
                (&["user_roles.user_id"], &["users.id"], "''")
            }
            UserOrder::NewestFirst | UserOrder::OldestFirst => (&["users.id"], &["users.id"], "''"),
            UserOrder::Email | UserOrder::EmailDescending => (&[EMAIL], &["users.position_key"], EMAIL),
            UserOrder::Matching(_) => (
                &[TERM, "user_search_terms.user_id"],
                &["users.position_key", "users.id"],
                TERM,
            ),
        };
        Self {
            columns,
            page_columns,
            direction,
            position_key,
        }
    }

    /// Returns the order in which the page is selected.
    fn inner(&self) -> String {
        self.list(self.columns)
    }

    /// Returns the order of the page.
    fn outer(&self) -> String {
        self.list(self.page_columns)
    }

    fn list(&self, columns: &[&str]) -> String {
        let items = columns.iter().map(|column| format!("{column} {}", self.direction));
        items.collect::<Vec<_>>().join(", ")
    }
}
