//! Lists of users: each page starts where the one before ended, by an index.

use std::num::NonZeroU32;

use sea_orm::{
    DbErr, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr},
};
use vestibule_domain::{Id, ListUsers, Listed, SearchPrefix, UserFilter, UserOrder, UserPosition, UserRow};

use crate::{
    entity::{user, user_role, user_search_term},
    repo::{
        membership::Membership,
        readable,
        user_row::{EMAIL_KEY, ID, WIDTH, add_user_columns, read_user},
    },
};

/// The statement for one page, with one row more that tells whether another page follows. `role` is
/// that of the filter.
pub(super) fn page(list: &ListUsers, role: Option<&Membership>) -> SelectStatement {
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
        select.and_where(comes_after(order, columns.clone(), &direction, after));
    }
    for column in columns {
        select.order_by_expr(column, direction.clone());
    }
    select.limit(u64::from(limit.get()) + 1).take()
}

/// The statement that counts a list, up to one more than the bound.
pub(super) fn count(
    filter: &UserFilter,
    order: &UserOrder,
    role: Option<&Membership>,
    bound: NonZeroU32,
) -> SelectStatement {
    // Only a search decides by its order which users there are.
    let order = if matches!(order, UserOrder::Matching(_)) {
        order
    } else {
        &UserOrder::NewestFirst
    };
    let some = source(filter, order, role)
        .expr(Expr::val(1))
        .limit(u64::from(bound.get()) + 1)
        .take();
    Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from_subquery(some, Alias::new("counted"))
        .take()
}

/// Reads a row of a page. Where its position cannot be read, neither can the page.
pub(super) fn read_row(row: &QueryResult, order: &UserOrder) -> Result<Listed<UserRow, UserPosition>, DbErr> {
    let id = Id::from_uuid(row.try_get_by_index(ID)?);
    let key = match order {
        UserOrder::NewestFirst | UserOrder::OldestFirst => String::new(),
        UserOrder::Email | UserOrder::EmailDescending => row.try_get_by_index(EMAIL_KEY)?,
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

/// The users of a list, without columns, order or bound. The terms of a search alone tell whom it
/// finds: users are joined to them only for their status.
fn source(filter: &UserFilter, order: &UserOrder, role: Option<&Membership>) -> SelectStatement {
    let mut select = Query::select();
    let user_id = if let UserOrder::Matching(prefix) = order {
        select.from(user_search_term::Entity);
        for condition in matches(prefix) {
            select.and_where(condition);
        }
        select.and_where(is_first_match(prefix));
        of_term(user_search_term::Column::UserId)
    } else {
        select.from(user::Entity);
        of_user(user::Column::Id)
    };
    if let Some(status) = &filter.status {
        if matches!(order, UserOrder::Matching(_)) {
            join_users(&mut select);
        }
        select.and_where(of_user(user::Column::Status).eq(status.as_str()));
    }
    if let Some(role) = role {
        if is_probed(order, role) {
            select.and_where(role.has(user_id));
        } else {
            let same_user = user_id.eq(of_role(user_role::Column::UserId));
            select
                .inner_join(user_role::Entity, same_user)
                .and_where(role.is(of_role(user_role::Column::RoleId)));
        }
    }
    select.take()
}

/// Whether each user in turn is asked for the role. It is the way to go along the addresses for a role
/// that many have; otherwise its users are looked up by the role.
fn is_probed(order: &UserOrder, role: &Membership) -> bool {
    role.is_common && matches!(order, UserOrder::Email | UserOrder::EmailDescending)
}

fn join_users(select: &mut SelectStatement) {
    select.inner_join(
        user::Entity,
        of_user(user::Column::Id).eq(of_term(user_search_term::Column::UserId)),
    );
}

/// The terms from the prefix to the first text beyond it: a range of the index, without `LIKE`.
fn matches(prefix: &SearchPrefix) -> Vec<SimpleExpr> {
    let term = || of_term(user_search_term::Column::Term);
    let mut conditions = vec![term().gte(prefix.as_str())];
    conditions.extend(prefix.end().map(|end| term().lt(end)));
    conditions
}

/// A user with several terms that match stands in the list once, at the first.
fn is_first_match(prefix: &SearchPrefix) -> SimpleExpr {
    let earlier = Alias::new("earlier");
    let of_earlier = |column| Expr::col((earlier.clone(), column));
    let match_before = Query::select()
        .expr(Expr::val(1))
        .from_as(user_search_term::Entity, earlier.clone())
        .and_where(of_earlier(user_search_term::Column::UserId).eq(of_term(user_search_term::Column::UserId)))
        .and_where(of_earlier(user_search_term::Column::Term).gte(prefix.as_str()))
        .and_where(of_earlier(user_search_term::Column::Term).lt(of_term(user_search_term::Column::Term)))
        .take();
    Expr::exists(match_before).not()
}

/// What a list is ordered by, first to last, and the direction of all of it. Each is the order of an
/// index; with a role, that of the index by role.
fn ordering(order: &UserOrder, role: Option<&Membership>) -> (Vec<SimpleExpr>, Order) {
    let id = || {
        if role.is_some() {
            of_role(user_role::Column::UserId)
        } else {
            of_user(user::Column::Id)
        }
    };
    let normalized_email = || of_user(user::Column::NormalizedEmail);
    match order {
        UserOrder::NewestFirst => (vec![id()], Order::Desc),
        UserOrder::OldestFirst => (vec![id()], Order::Asc),
        UserOrder::Email => (vec![normalized_email()], Order::Asc),
        UserOrder::EmailDescending => (vec![normalized_email()], Order::Desc),
        UserOrder::Matching(_) => (
            vec![
                of_term(user_search_term::Column::Term),
                of_term(user_search_term::Column::UserId),
            ],
            Order::Asc,
        ),
    }
}

/// Picks the rows that follow a position.
fn comes_after(order: &UserOrder, columns: Vec<SimpleExpr>, direction: &Order, after: &UserPosition) -> SimpleExpr {
    let id = Expr::value(after.id.as_uuid());
    let place = match order {
        UserOrder::NewestFirst | UserOrder::OldestFirst => vec![id],
        UserOrder::Email | UserOrder::EmailDescending => vec![Expr::value(after.key.as_str())],
        UserOrder::Matching(_) => vec![Expr::value(after.key.as_str()), id],
    };
    let (columns, place) = (Expr::tuple(columns), Expr::tuple(place));
    if *direction == Order::Desc {
        columns.lt(place)
    } else {
        columns.gt(place)
    }
}

fn of_user(column: user::Column) -> Expr {
    Expr::col((user::Entity, column))
}

fn of_role(column: user_role::Column) -> Expr {
    Expr::col((user_role::Entity, column))
}

fn of_term(column: user_search_term::Column) -> Expr {
    Expr::col((user_search_term::Entity, column))
}
