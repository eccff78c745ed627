//! Lists of users: each page starts where the one before ended, by an index.

use std::num::NonZeroU32;

use sea_orm::{
    DbErr, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr},
};
use vestibule_domain::user::{ListUsers, SearchPrefix, UserFilter, UserOrder, UserPosition, UserRow};

use crate::{
    entity::{role, user, user_role, user_term},
    repo::user_row::{WIDTH, add_user_columns, read_user},
};

/// The statement for one page, with one row more that tells whether another page follows.
pub(super) fn page(list: &ListUsers) -> SelectStatement {
    let mut select = source(&list.filter, &list.order);
    add_user_columns(&mut select);
    select.column((user::Entity, user::Column::LastSignInAt));
    if let Some(after) = &list.after {
        select.and_where(comes_after(&list.filter, &list.order, after));
    }
    let (columns, direction) = ordering(&list.filter, &list.order);
    for column in columns {
        select.order_by_expr(column, direction.clone());
    }
    select.limit(u64::from(list.limit.get()) + 1).take()
}

/// The statement that counts a list, up to one more than the bound.
pub(super) fn count(filter: &UserFilter, order: &UserOrder, bound: NonZeroU32) -> SelectStatement {
    let some = source(filter, order)
        .expr(Expr::val(1))
        .limit(u64::from(bound.get()) + 1)
        .take();
    Query::select()
        .expr(Func::count(Expr::cust("*")))
        .from_subquery(some, Alias::new("counted"))
        .take()
}

/// Reads a row of a page.
pub(super) fn read_row(row: &QueryResult) -> Result<UserRow, DbErr> {
    Ok(UserRow {
        user: read_user(row, 0)?,
        last_sign_in_at: row.try_get_by_index(WIDTH)?,
    })
}

/// The users of a list, without columns, order or bound.
fn source(filter: &UserFilter, order: &UserOrder) -> SelectStatement {
    let mut select = Query::select();
    if let UserOrder::Matching(prefix) = order {
        select.from(user_term::Entity).inner_join(
            user::Entity,
            of_user(user::Column::Id).equals((user_term::Entity, user_term::Column::UserId)),
        );
        for condition in matches(prefix) {
            select.and_where(condition);
        }
        select.and_where(is_first_match(prefix));
    } else {
        select.from(user::Entity);
    }
    if let Some(status) = filter.status {
        select.and_where(of_user(user::Column::Status).eq(status.as_str()));
    }
    if let Some(name) = &filter.role {
        let role = Query::select()
            .column((role::Entity, role::Column::Id))
            .from(role::Entity)
            .and_where(Expr::col((role::Entity, role::Column::Name)).eq(name.as_str()))
            .take();
        select
            .inner_join(
                user_role::Entity,
                of_user(user::Column::Id).equals((user_role::Entity, user_role::Column::UserId)),
            )
            .and_where(
                Expr::col((user_role::Entity, user_role::Column::RoleId))
                    .eq(SimpleExpr::SubQuery(None, Box::new(role.into()))),
            );
    }
    select.take()
}

/// The terms from the prefix to the first text beyond it: a range of the index, without `LIKE`.
fn matches(prefix: &SearchPrefix) -> Vec<SimpleExpr> {
    let term = || Expr::col((user_term::Entity, user_term::Column::Term));
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
        .from_as(user_term::Entity, earlier.clone())
        .and_where(of_earlier(user_term::Column::UserId).equals((user_term::Entity, user_term::Column::UserId)))
        .and_where(of_earlier(user_term::Column::Term).gte(prefix.as_str()))
        .and_where(of_earlier(user_term::Column::Term).lt(Expr::col((user_term::Entity, user_term::Column::Term))))
        .take();
    Expr::exists(match_before).not()
}

/// What a list is ordered by, first to last, and the direction of all of it. Each is the order of an
/// index: with a role, the identifier of its index is the one to follow.
fn ordering(filter: &UserFilter, order: &UserOrder) -> (Vec<SimpleExpr>, Order) {
    let id = || match filter.role {
        Some(_) => Expr::col((user_role::Entity, user_role::Column::UserId)),
        None => of_user(user::Column::Id),
    };
    match order {
        UserOrder::NewestFirst => (vec![id()], Order::Desc),
        UserOrder::OldestFirst => (vec![id()], Order::Asc),
        UserOrder::Email => (vec![of_user(user::Column::EmailKey)], Order::Asc),
        UserOrder::EmailDescending => (vec![of_user(user::Column::EmailKey)], Order::Desc),
        UserOrder::Matching(_) => (
            vec![
                Expr::col((user_term::Entity, user_term::Column::Term)),
                Expr::col((user_term::Entity, user_term::Column::UserId)),
            ],
            Order::Asc,
        ),
    }
}

/// The rows of a list that follow a position.
fn comes_after(filter: &UserFilter, order: &UserOrder, after: &UserPosition) -> SimpleExpr {
    let (columns, direction) = ordering(filter, order);
    let id = Expr::value(after.id.as_uuid());
    let place = match order {
        UserOrder::NewestFirst | UserOrder::OldestFirst => vec![id],
        UserOrder::Email | UserOrder::EmailDescending => vec![Expr::value(after.key.as_str())],
        UserOrder::Matching(_) => vec![Expr::value(after.key.as_str()), id],
    };
    let (columns, place) = (Expr::tuple(columns), Expr::tuple(place));
    if direction == Order::Desc {
        columns.lt(place)
    } else {
        columns.gt(place)
    }
}

fn of_user(column: user::Column) -> Expr {
    Expr::col((user::Entity, column))
}
