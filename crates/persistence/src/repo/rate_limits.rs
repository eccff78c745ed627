//! Quotas of rate limits, which all instances share.

use chrono::{DateTime, TimeDelta};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict},
};
use vestibule_domain::{Acquisition, Quota, RateLimitKey, RateLimitRepo, RateLimited, StoreResult, Timestamp};

use crate::{
    SeaRepositories,
    entity::rate_limit::{ActiveModel, Column, Entity, Model},
};

impl<C: ConnectionTrait + Send + Sync + 'static> RateLimitRepo for SeaRepositories<C> {
    async fn find_resets_at(&self, key: &RateLimitKey) -> StoreResult<Option<Timestamp>> {
        let row: Option<Model> = self.fetch_optional(Entity::find_by_id(key.to_vec())).await?;
        Ok(row.and_then(|row| DateTime::from_timestamp_micros(row.resets_at)))
    }

    /// Uses one statement, which inserts the key or, if quota is left, advances the time of the reset. It sees the
    /// result of a concurrent statement that it waits for, so concurrent requests cannot exceed the quota.
    async fn acquire_quota(&mut self, key: &RateLimitKey, quota: &Quota, at: Timestamp) -> StoreResult<Acquisition> {
        let (now, interval) = (at.timestamp_micros(), micros(quota.interval()));
        let resets_at = || Expr::col((Entity, Column::ResetsAt));
        let latest_reset = quota.latest_reset(at).timestamp_micros();
        let next = || {
            let start: Expr = CaseStatement::new()
                // A later time is from a clock that was set back since; it is ignored.
                .case(resets_at().gt(now).and(resets_at().lte(latest_reset)), resets_at())
                .finally(now)
                .into();
            start.add(interval)
        };
        let mut on_conflict = OnConflict::column(Column::Key);
        on_conflict
            .value(Column::ResetsAt, next())
            .action_and_where(next().lte(now + micros(quota.period)));
        let row = ActiveModel {
            key: Set(key.to_vec()),
            resets_at: Set(now + interval),
        };
        if self.execute(Entity::insert(row).on_conflict(on_conflict)).await? > 0 {
            return Ok(Acquisition::Acquired);
        }
        let resets_at = self.find_resets_at(key).await?;
        let rate_limited = quota.acquire(resets_at.unwrap_or(at), at).err();
        Ok(Acquisition::RateLimited(rate_limited.unwrap_or(RateLimited {
            retry_after: quota.interval(),
        })))
    }

    async fn refund_quota(&mut self, key: &RateLimitKey, quota: &Quota) -> StoreResult<()> {
        let refunded = Expr::col(Column::ResetsAt).sub(micros(quota.interval()));
        let refund = Entity::update_many()
            .col_expr(Column::ResetsAt, refunded)
            .filter(Column::Key.eq(key.to_vec()));
        self.execute(refund).await?;
        Ok(())
    }

    async fn delete_replenished_quotas(&mut self, at: Timestamp, limit: u32) -> StoreResult<u64> {
        let replenished = Entity::find().filter(Column::ResetsAt.lte(at.timestamp_micros()));
        self.delete_batch(replenished, limit).await
    }
}

fn micros(span: TimeDelta) -> i64 {
    span.num_microseconds().unwrap_or(i64::MAX)
}
