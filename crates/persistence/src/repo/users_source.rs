//! The users of a list: the part that the queries for its pages and for its count have in common.

use sea_orm::Value;
use vestibule_domain::{SearchPrefix, Status, UserFilter, UserOrder};

use crate::repo::{row_query::RowQuery, users_role_filter::RoleFilter};

/// The users of a list: the tables, and the conditions with their values. A search needs only the table of search terms;
/// it joins `users` for the columns and the filter by status.
pub(super) struct Source {
    is_search: bool,
    needs_users: bool,
    joins_roles: bool,
    conditions: Vec<String>,
    query: RowQuery,
}

impl Source {
    pub(super) fn new(filter: &UserFilter, order: &UserOrder, role: Option<&RoleFilter>) -> Self {
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
        if let Some(ids) = &filter.ids {
            let ids = source.query.bind_ids(ids);
            source.conditions.push(format!("{} IN ({ids})", source.user_id()));
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

    pub(super) fn user_id(&self) -> &'static str {
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
    pub(super) fn require_first_match(&mut self, order: &UserOrder) {
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

    /// Makes the columns of `users` available.
    pub(super) fn join_users(&mut self) {
        self.needs_users = true;
    }

    /// Adds a value. Returns its placeholder.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.query.bind(value)
    }

    /// Adds a condition.
    pub(super) fn require(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// Completes the query. `wrap` receives the text from `FROM` to the conditions.
    pub(super) fn into_query(mut self, wrap: impl FnOnce(String) -> String) -> RowQuery {
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
