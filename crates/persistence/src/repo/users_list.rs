//! Queries that list users, with keyset pagination: each page continues an index scan after the last row of
//! the previous one.

use std::sync::LazyLock;

use sea_orm::{DbErr, FromQueryResult};
use serde::Deserialize;
use vestibule_domain::{Id, ListUsers, Listed, Timestamp, UserOrder, UserPosition, UserRow};

use crate::repo::{
    readable,
    row_query::{Column, Columns, RowQuery, Unreadable, boolean},
    users_role_filter::RoleFilter,
    users_row::{JOIN_ROLES, StoredUser, USER_COLUMNS},
    users_source::Source,
};

/// A user in a list as stored, with one of the user's roles.
#[derive(Debug, FromQueryResult, Deserialize)]
pub(super) struct StoredRow {
    #[sea_orm(nested)]
    user: StoredUser,
    last_sign_in_at: Option<Timestamp>,
    #[serde(deserialize_with = "boolean")]
    invited: bool,
    /// The sort key; empty if the list is sorted by identifier.
    position_key: String,
}

/// The columns of [`StoredRow`] in the query of [`page`].
pub(super) static COLUMNS: LazyLock<Columns> = LazyLock::new(|| {
    Columns::new(&[
        Column::Row(USER_COLUMNS),
        Column::Value("last_sign_in_at", "users.last_sign_in_at"),
        Column::Value(
            "invited",
            "NOT EXISTS (SELECT 1 FROM credentials WHERE credentials.user_id = users.id)",
        ),
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
                    invited: row.invited,
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
    source.join_users();
    source.require_first_match(order);
    let order_by = OrderBy::new(order, role.is_some());
    if let Some(after) = after {
        require_later(&mut source, order, &order_by, after);
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

/// Matches the rows that follow a position.
fn require_later(source: &mut Source, order: &UserOrder, order_by: &OrderBy, after: &UserPosition) {
    let (key, id) = (after.key.as_str(), after.id.as_uuid());
    let position = match order {
        UserOrder::NewestFirst | UserOrder::OldestFirst => source.bind(id),
        UserOrder::Email | UserOrder::EmailDescending => source.bind(key),
        UserOrder::Matching(_) => format!("{}, {}", source.bind(key), source.bind(id)),
    };
    let comparison = if order_by.direction == DESCENDING { "<" } else { ">" };
    let columns = order_by.columns.join(", ");
    source.require(format!("({columns}) {comparison} ({position})"));
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
