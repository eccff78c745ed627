//! Pages of lists that are sorted by a column with equal values, with keyset pagination.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DbErr, EntityTrait, IdenStatic, Iterable, PartialModelTrait,
    PrimaryKeyToColumn, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select, Value,
    sea_query::{self, Expr, ExprTrait, LikeExpr},
};
use uuid::Uuid;
use vestibule_domain::{Decimal, Id, Limit, Listed, Order, Position, SearchText, StoreResult};

use crate::{
    SeaRepositories,
    error::IntoStoreResult,
    repo::{
        query::{rows_of_page, select_columns},
        readable,
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    /// Returns the rows of a page, and one more row if there is a next page. Rows with equal values of the column are
    /// sorted by their identifiers. Skips and logs unreadable rows; an unreadable position fails the page.
    pub(super) async fn sorted_page<E: EntityTrait, R: PartialModelTrait, T, K>(
        &self,
        select: Select<E>,
        order: Order<E::Column>,
        after: Option<&Position<K>>,
        limit: Limit,
        read: impl Fn(R) -> Result<T, DbErr>,
    ) -> StoreResult<Vec<Listed<T, Position<K>>>> {
        let select = sorted(select, order, after).limit(rows_of_page(limit));
        let rows = self
            .db
            .query_all(&select_columns::<R>(select))
            .await
            .into_store_result()?;
        let table = E::default();
        let rows = rows.iter().map(|row| {
            let id: Uuid = row.try_get("", "id")?;
            Ok(Listed {
                position: Position {
                    key: read_key(row, order.column)?,
                    id: Id::from_uuid(id),
                },
                row: readable(table.table_name(), id, R::from_query_result(row, "").and_then(&read)),
            })
        });
        rows.collect::<Result<_, _>>().into_store_result()
    }
}

/// Sorts a query and continues it after a position. A position whose key is not a value of the column, which no cursor
/// contains, matches no row.
fn sorted<E: EntityTrait, T>(select: Select<E>, order: Order<E::Column>, after: Option<&Position<T>>) -> Select<E> {
    let Order { column, descending } = order;
    let direction = if descending {
        sea_query::Order::Desc
    } else {
        sea_query::Order::Asc
    };
    let id = primary_key::<E>();
    let is_by_id = column.as_str() == id.as_str();
    let select = match after {
        None => select,
        Some(Position { key, id: last }) => {
            let last = Expr::value(last.as_uuid());
            let (columns, position) = if is_by_id {
                (vec![id.into_expr()], Some(vec![last]))
            } else {
                let key = parse_key(column, key).map(|key| vec![Expr::value(key), last]);
                (vec![column.into_expr(), id.into_expr()], key)
            };
            let condition = match position.map(Expr::tuple) {
                None => Expr::cust("1 = 0"),
                Some(position) if descending => Expr::tuple(columns).lt(position),
                Some(position) => Expr::tuple(columns).gt(position),
            };
            select.filter(condition)
        }
    };
    if is_by_id {
        select.order_by(id, direction)
    } else {
        select.order_by(column, direction.clone()).order_by(id, direction)
    }
}

/// Returns the condition that a column of folded text contains the text of a search.
#[allow(dead_code, reason = "for the lists of resources that are added")]
pub(super) fn contains(column: impl ColumnTrait, search: &SearchText) -> Expr {
    let mut pattern = String::from("%");
    for c in search.as_str().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    column.into_expr().like(LikeExpr::new(pattern).escape('\\'))
}

fn primary_key<E: EntityTrait>() -> E::Column {
    let mut key = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    #[expect(clippy::expect_used, reason = "every entity has a primary key")]
    key.next().expect("a primary key")
}

/// Returns the value of a column as text; empty for the identifier.
fn read_key(row: &QueryResult, column: impl ColumnTrait) -> Result<String, DbErr> {
    let name = column.as_str();
    Ok(match column.def().get_column_type() {
        ColumnType::Uuid => String::new(),
        ColumnType::Integer => row.try_get::<i32>("", name)?.to_string(),
        ColumnType::BigInteger => row.try_get::<i64>("", name)?.to_string(),
        ColumnType::Decimal(_) => row.try_get::<Decimal>("", name)?.to_string(),
        ColumnType::Date => row.try_get::<NaiveDate>("", name)?.to_string(),
        ColumnType::TimestampWithTimeZone => row.try_get::<DateTime<Utc>>("", name)?.to_rfc3339(),
        _ => row.try_get("", name)?,
    })
}

/// Parses the text of [`read_key`].
fn parse_key(column: impl ColumnTrait, text: &str) -> Option<Value> {
    Some(match column.def().get_column_type() {
        ColumnType::Integer => text.parse::<i32>().ok()?.into(),
        ColumnType::BigInteger => text.parse::<i64>().ok()?.into(),
        ColumnType::Decimal(_) => text.parse::<Decimal>().ok()?.into(),
        ColumnType::Date => text.parse::<NaiveDate>().ok()?.into(),
        ColumnType::TimestampWithTimeZone => text.parse::<DateTime<Utc>>().ok()?.into(),
        _ => text.into(),
    })
}
