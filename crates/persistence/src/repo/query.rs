//! Queries and statements of the repositories.
//!
//! A query reads each row into a struct, by the names of the columns. The struct is the model of an entity or derives
//! [`DerivePartialModel`](sea_orm::DerivePartialModel), and also determines the columns that the query selects. This
//! matters because SeaORM reads a nullable column that a query does not select as null.

use std::num::NonZeroU32;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, Iterable, PartialModelTrait,
    PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, TryGetable, Value,
    sea_query::{Alias, Expr, ExprTrait, Func, LockType, Order, Query, SelectStatement},
};
use uuid::Uuid;
use vestibule_domain::{Limit, Listed, StoreResult};

use crate::{
    SeaRepositories,
    error::IntoStoreResult,
    repo::{ROWS_PER_INSERT, readable},
};

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    /// Returns the row of a query that matches at most one.
    pub(super) async fn fetch_optional<R: PartialModelTrait>(
        &self,
        select: Select<impl EntityTrait>,
    ) -> StoreResult<Option<R>> {
        let select = select_columns::<R>(select);
        let row = self.db.query_one(&select).await.into_store_result()?;
        row.map(|row| R::from_query_result(&row, ""))
            .transpose()
            .into_store_result()
    }

    /// Returns the rows of a query.
    pub(super) async fn fetch_all<R: PartialModelTrait>(
        &self,
        select: Select<impl EntityTrait>,
    ) -> StoreResult<Vec<R>> {
        let select = select_columns::<R>(select);
        let rows = self.db.query_all(&select).await.into_store_result()?;
        let rows = rows.iter().map(|row| R::from_query_result(row, ""));
        rows.collect::<Result<_, _>>().into_store_result()
    }

    /// Returns the rows of a page, each with its position, which is the value of a column. Skips and logs unreadable
    /// rows; an unreadable position fails the page.
    pub(super) async fn page<E: EntityTrait, R: PartialModelTrait, T, K: TryGetable, P>(
        &self,
        select: Select<E>,
        column: E::Column,
        position: impl Fn(K) -> P,
        read: impl Fn(R) -> Result<T, DbErr>,
    ) -> StoreResult<Vec<Listed<T, P>>> {
        let select = select_columns::<R>(select);
        let rows = self.db.query_all(&select).await.into_store_result()?;
        let table = E::default();
        let rows = rows.iter().map(|row| {
            let id: Uuid = row.try_get("", "id")?;
            Ok(Listed {
                position: position(row.try_get("", column.as_str())?),
                row: readable(table.table_name(), id, R::from_query_result(row, "").and_then(&read)),
            })
        });
        rows.collect::<Result<_, _>>().into_store_result()
    }

    /// Returns the value of a query that selects one column, or `None` if there is no row.
    pub(super) async fn scalar<T: TryGetable>(&self, select: Select<impl EntityTrait>) -> StoreResult<Option<T>> {
        let row = self.db.query_one(&select.into_query()).await.into_store_result()?;
        row.map(|row| row.try_get_by_index(0)).transpose().into_store_result()
    }

    /// Returns the values of a query that selects one column.
    pub(super) async fn scalars<T: TryGetable>(&self, select: Select<impl EntityTrait>) -> StoreResult<Vec<T>> {
        let rows = self.db.query_all(&select.into_query()).await.into_store_result()?;
        let values = rows.iter().map(|row| row.try_get_by_index(0));
        values.collect::<Result<_, _>>().into_store_result()
    }

    /// Locks the rows that a query matches and returns their identifiers. Does not read the rows, because a statement that
    /// waits for a lock would still see other tables as they were before.
    pub(super) async fn lock<E: EntityTrait>(&mut self, select: Select<E>, lock: LockType) -> StoreResult<Vec<Uuid>> {
        let key = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
        self.scalars(select.select_only().columns(key).lock(lock)).await
    }

    /// Locks the row that a query matches against deletion. Returns whether there is one.
    pub(super) async fn retain(&mut self, select: Select<impl EntityTrait>) -> StoreResult<bool> {
        Ok(!self.lock(select, LockType::KeyShare).await?.is_empty())
    }

    /// Counts the rows that a query matches.
    pub(super) async fn count(&self, select: Select<impl EntityTrait>) -> StoreResult<u64> {
        let count = select.select_only().expr(Func::count(Expr::cust("*")));
        self.read_count(count.into_query()).await
    }

    /// Counts the rows that a query matches, up to `bound + 1`.
    pub(super) async fn bounded_count(&self, mut select: SelectStatement, bound: NonZeroU32) -> StoreResult<u64> {
        let bounded = select
            .clear_selects()
            .expr(Expr::val(1))
            .limit(u64::from(bound.get()) + 1)
            .take();
        let count = Query::select()
            .expr(Func::count(Expr::cust("*")))
            .from_subquery(bounded, Alias::new("counted"))
            .take();
        self.read_count(count).await
    }

    async fn read_count(&self, count: SelectStatement) -> StoreResult<u64> {
        let row = self.db.query_one(&count).await.into_store_result()?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0)).into_store_result()?;
        Ok(count.unsigned_abs())
    }

    /// Executes a statement. Returns the number of rows that it inserted, updated or deleted.
    pub(super) async fn execute(&mut self, statement: impl QueryTrait) -> StoreResult<u64> {
        let result = self.db.execute(&statement.into_query()).await.into_store_result()?;
        Ok(result.rows_affected())
    }

    /// Inserts rows, with as many statements as their number requires.
    pub(super) async fn insert<A: ActiveModelTrait>(&mut self, mut rows: Vec<A>) -> StoreResult<()> {
        while !rows.is_empty() {
            let batch = rows.drain(..rows.len().min(ROWS_PER_INSERT));
            self.execute(A::Entity::insert_many(batch)).await?;
        }
        Ok(())
    }

    /// Deletes at most `limit` of the rows that a query matches. Returns how many were deleted.
    pub(super) async fn delete_batch<E: EntityTrait>(&mut self, select: Select<E>, limit: u32) -> StoreResult<u64> {
        let key: Vec<_> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
        let batch = select
            .select_only()
            .columns(key.iter().copied())
            .limit(u64::from(limit))
            .into_query();
        let key = Expr::tuple(key.iter().map(|column| column.into_expr()));
        self.execute(E::delete_many().filter(key.in_subquery(batch))).await
    }
}

/// Sorts a query by a unique column, continues it after the position `after`, and limits it to `rows`.
pub(super) fn keyset<E: EntityTrait>(
    select: Select<E>,
    column: E::Column,
    order: Order,
    after: Option<impl Into<Value>>,
    rows: u64,
) -> Select<E> {
    let select = select.apply_if(after, |select, after| match order {
        Order::Desc => select.filter(column.lt(after)),
        _ => select.filter(column.gt(after)),
    });
    select.order_by(column, order).limit(rows)
}

/// Returns the number of rows to read for a page: one more row shows whether another page follows.
pub(super) fn rows_of_page(limit: Limit) -> u64 {
    u64::from(limit.get()) + 1
}

pub(super) fn select_columns<R: PartialModelTrait>(select: Select<impl EntityTrait>) -> SelectStatement {
    R::select_cols(select.select_only()).into_query()
}
