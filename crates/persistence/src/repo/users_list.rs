//! Statements that list and count users, with keyset pagination: each page continues an index scan after the last row
//! of the previous one.

use std::num::NonZeroU32;

use sea_orm::{
    DbErr, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr},
};
use vestibule_domain::{Id, ListUsers, Listed, SearchPrefix, UserFilter, UserOrder, UserPosition, UserRow};

use crate::{
    entity::{user, user_role, user_search_term},
    repo::{
        readable,
        users_role_filter::RoleFilter,
        users_row::{ID, NORMALIZED_EMAIL, WIDTH, add_user_columns, read_user},
    },
};

/// Returns the statement for one page and one more row, which shows whether another page follows. `role` is the role of
/// the filter.
pub(super) fn page(list: &ListUsers, role: Option<&RoleFilter>) -> SelectStatement {
    let ListUsers {
        filter,
        order,
        after,
        limit,
    } = list;
    let mut select = source(filter, order, role);
    if matches!(order, UserOrder::Matching(_)) && filter.status.is_none() {
        join_users(&mut select);
    }
    add_user_columns(&mut select);
    select.column((user::Entity, user::Column::LastSignInAt));
    if matches!(order, UserOrder::Matching(_)) {
        select.column((user_search_term::Entity, user_search_term::Column::Term));
    }
    let (columns, direction) = ordering(order, role);
    if let Some(after) = after {
        select.and_where(follows(order, columns.clone(), &direction, after));
    }
    for column in columns {
        select.order_by_expr(column, direction.clone());
    }
    select.limit(u64::from(limit.get()) + 1).take()
}

/// Returns the statement that counts the users of a list, up to one more than the bound.
pub(super) fn count(
    filter: &UserFilter,
    order: &UserOrder,
    role: Option<&RoleFilter>,
    bound: NonZeroU32,
) -> SelectStatement {
    // Of all orders only a search determines which users are in the list.
    let order = if matches!(order, UserOrder::Matching(_)) {
        order
    } else {
        &UserOrder::NewestFirst
    };
    let bounded = source(filter, order, role)
        .expr(Expr::val(1))
        .limit(u64::from(bound.get()) + 1)
        .take();
    Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from_subquery(bounded, Alias::new("counted"))
        .take()
}

/// Reads a row of a page. An unreadable user is skipped; an unreadable position fails the page.
pub(super) fn read_row(row: &QueryResult, order: &UserOrder) -> Result<Listed<UserRow, UserPosition>, DbErr> {
    let id = Id::from_uuid(row.try_get_by_index(ID)?);
    let key = match order {
        UserOrder::NewestFirst | UserOrder::OldestFirst => String::new(),
        UserOrder::Email | UserOrder::EmailDescending => row.try_get_by_index(NORMALIZED_EMAIL)?,
        UserOrder::Matching(_) => row.try_get_by_index(WIDTH + 1)?,
    };
    let user = || {
        Ok(UserRow {
            user: read_user(row, 0)?,
            last_sign_in_at: row.try_get_by_index(WIDTH)?,
        })
    };
    Ok(Listed {
        row: readable("users", id, user()),
        position: UserPosition { key, id },
    })
}

/// Returns the statement for the users of a list, without columns, order and limit. A search needs only the table of
/// search terms; it joins `users` for the filter by status.
fn source(filter: &UserFilter, order: &UserOrder, role: Option<&RoleFilter>) -> SelectStatement {
    let mut select = Query::select();
    let user_id = if let UserOrder::Matching(prefix) = order {
        select.from(user_search_term::Entity);
        for condition in matches(prefix) {
            select.and_where(condition);
        }
        select.and_where(is_first_match(prefix));
        term_col(user_search_term::Column::UserId)
    } else {
        select.from(user::Entity);
        user_col(user::Column::Id)
    };
    if let Some(status) = &filter.status {
        if matches!(order, UserOrder::Matching(_)) {
            join_users(&mut select);
        }
        select.and_where(user_col(user::Column::Status).eq(status.as_str()));
    }
    if let Some(role) = role {
        if checks_each_user(order, role) {
            select.and_where(role.has_user(user_id));
        } else {
            let same_user = user_id.eq(user_role_col(user_role::Column::UserId));
            select
                .inner_join(user_role::Entity, same_user)
                .and_where(role.is(user_role_col(user_role::Column::RoleId)));
        }
    }
    select.take()
}

/// Returns whether the statement scans the users and checks each for the role, instead of joining the users of the
/// role. This is faster for a role of many users in the order of email addresses.
fn checks_each_user(order: &UserOrder, role: &RoleFilter) -> bool {
    role.has_many_users && matches!(order, UserOrder::Email | UserOrder::EmailDescending)
}

fn join_users(select: &mut SelectStatement) {
    select.inner_join(
        user::Entity,
        user_col(user::Column::Id).eq(term_col(user_search_term::Column::UserId)),
    );
}

/// Matches the terms that start with a prefix: a range of the index, without `LIKE`.
fn matches(prefix: &SearchPrefix) -> Vec<SimpleExpr> {
    let term = || term_col(user_search_term::Column::Term);
    let mut conditions = vec![term().gte(prefix.as_str())];
    conditions.extend(prefix.end().map(|end| term().lt(end)));
    conditions
}

/// Matches only the first matching term of a user, so that the user is listed once.
fn is_first_match(prefix: &SearchPrefix) -> SimpleExpr {
    let earlier = Alias::new("earlier");
    let earlier_col = |column| Expr::col((earlier.clone(), column));
    let earlier_match = Query::select()
        .expr(Expr::val(1))
        .from_as(user_search_term::Entity, earlier.clone())
        .and_where(earlier_col(user_search_term::Column::UserId).eq(term_col(user_search_term::Column::UserId)))
        .and_where(earlier_col(user_search_term::Column::Term).gte(prefix.as_str()))
        .and_where(earlier_col(user_search_term::Column::Term).lt(term_col(user_search_term::Column::Term)))
        .take();
    Expr::exists(earlier_match).not()
}

/// Returns the columns to order by and their common direction. Each order is the order of an index; with a role, of the
/// index by role.
fn ordering(order: &UserOrder, role: Option<&RoleFilter>) -> (Vec<SimpleExpr>, Order) {
    let id = || {
        if role.is_some() {
            user_role_col(user_role::Column::UserId)
        } else {
            user_col(user::Column::Id)
        }
    };
    let normalized_email = || user_col(user::Column::NormalizedEmail);
    match order {
        UserOrder::NewestFirst => (vec![id()], Order::Desc),
        UserOrder::OldestFirst => (vec![id()], Order::Asc),
        UserOrder::Email => (vec![normalized_email()], Order::Asc),
        UserOrder::EmailDescending => (vec![normalized_email()], Order::Desc),
        UserOrder::Matching(_) => (
            vec![
                term_col(user_search_term::Column::Term),
                term_col(user_search_term::Column::UserId),
            ],
            Order::Asc,
        ),
    }
}

/// Matches the rows that follow a position.
fn follows(order: &UserOrder, columns: Vec<SimpleExpr>, direction: &Order, after: &UserPosition) -> SimpleExpr {
    let id = Expr::value(after.id.as_uuid());
    let position = match order {
        UserOrder::NewestFirst | UserOrder::OldestFirst => vec![id],
        UserOrder::Email | UserOrder::EmailDescending => vec![Expr::value(after.key.as_str())],
        UserOrder::Matching(_) => vec![Expr::value(after.key.as_str()), id],
    };
    let (columns, position) = (Expr::tuple(columns), Expr::tuple(position));
    if *direction == Order::Desc {
        columns.lt(position)
    } else {
        columns.gt(position)
    }
}

fn user_col(column: user::Column) -> Expr {
    Expr::col((user::Entity, column))
}

fn user_role_col(column: user_role::Column) -> Expr {
    Expr::col((user_role::Entity, column))
}

fn term_col(column: user_search_term::Column) -> Expr {
    Expr::col((user_search_term::Entity, column))
}
