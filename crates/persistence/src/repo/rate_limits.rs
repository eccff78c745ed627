//! Turns that all instances share.

use chrono::{DateTime, TimeDelta};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Query},
};
use vestibule_domain::{Quota, RateLimitKey, RateLimitRepo, RateLimited, StoreResult, Timestamp};

use crate::{
    SeaRepositories,
    entity::rate_limit::{ActiveModel, Column, Entity},
    error::IntoStoreResult,
};

impl<C: ConnectionTrait + Send + Sync + 'static> RateLimitRepo for SeaRepositories<C> {
    async fn find_resets_at(&self, key: &RateLimitKey) -> StoreResult<Option<Timestamp>> {
        let row = Entity::find_by_id(key.to_vec())
            .one(&self.db)
            .await
            .into_store_result()?;
        Ok(row.and_then(|row| DateTime::from_timestamp_micros(row.resets_at)))
    }

    /// One statement: it inserts the first turn, or moves the time on where a turn is left. What it waits
    /// for another one it sees, so no two take the same turn.
    async fn acquire_quota(
        &mut self,
        key: &RateLimitKey,
        rule: &Quota,
        at: Timestamp,
    ) -> StoreResult<Result<(), RateLimited>> {
        let (now, interval) = (at.timestamp_micros(), micros(rule.interval()));
        let resets_at = || Expr::col((Entity, Column::ResetsAt));
        let next = || {
            let later: Expr = CaseStatement::new()
                // Later than the rule could write: from a clock that has been set back since.
                .case(
                    resets_at().gt(now).and(resets_at().lte(now + micros(rule.period))),
                    resets_at(),
                )
                .finally(now)
                .into();
            later.add(interval)
        };
        let mut on_conflict = OnConflict::column(Column::Key);
        on_conflict
            .value(Column::ResetsAt, next())
            .action_and_where(next().lte(now + micros(rule.period)));
        let row = ActiveModel {
            key: Set(key.to_vec()),
            resets_at: Set(now + interval),
        };
        let taken = Entity::insert(row)
            .on_conflict(on_conflict)
            .exec_without_returning(&self.db)
            .await
            .into_store_result()?;
        if taken > 0 {
            return Ok(Ok(()));
        }
        let resets_at = self.find_resets_at(key).await?;
        let refusal = rule.acquire(resets_at.unwrap_or(at), at).err();
        Ok(Err(refusal.unwrap_or(RateLimited {
            retry_after: rule.interval(),
        })))
    }

    async fn refund_quota(&mut self, key: &RateLimitKey, rule: &Quota) -> StoreResult<()> {
        Entity::update_many()
            .col_expr(
                Column::ResetsAt,
                Expr::col(Column::ResetsAt).sub(micros(rule.interval())),
            )
            .filter(Column::Key.eq(key.to_vec()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn delete_replenished_quotas(&mut self, at: Timestamp, limit: u32) -> StoreResult<u64> {
        let clear = Query::select()
            .column(Column::Key)
            .from(Entity)
            .and_where(Expr::col(Column::ResetsAt).lte(at.timestamp_micros()))
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Key.in_subquery(clear));
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected)
    }
}

fn micros(span: TimeDelta) -> i64 {
    span.num_microseconds().unwrap_or(i64::MAX)
}
