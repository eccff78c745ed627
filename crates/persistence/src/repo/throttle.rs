//! Turns that all instances share.

use chrono::{DateTime, TimeDelta};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Query},
};
use vestibule_domain::{
    StoreResult, Timestamp,
    throttle::{Rule, ThrottleRepo, TooMany, TurnKey},
};

use crate::{
    SeaRepos,
    entity::throttle::{ActiveModel, Column, Entity},
    error::Stored,
};

impl<C: ConnectionTrait + Send + Sync + 'static> ThrottleRepo for SeaRepos<C> {
    async fn find_clear_at(&self, key: &TurnKey) -> StoreResult<Option<Timestamp>> {
        let row = Entity::find_by_id(key.to_vec()).one(&self.db).await.stored()?;
        Ok(row.and_then(|row| DateTime::from_timestamp_micros(row.clear_at)))
    }

    /// One statement: it inserts the first turn, or moves the time on where a turn is left. What it waits
    /// for another one it sees, so no two take the same turn.
    async fn take_turn(&mut self, key: &TurnKey, rule: &Rule, at: Timestamp) -> StoreResult<Result<(), TooMany>> {
        let (now, interval) = (at.timestamp_micros(), micros(rule.interval()));
        let clear_at = || Expr::col((Entity, Column::ClearAt));
        let next = || {
            let later: Expr = CaseStatement::new()
                // Later than the rule could write: from a clock that has been set back since.
                .case(
                    clear_at().gt(now).and(clear_at().lte(now + micros(rule.period))),
                    clear_at(),
                )
                .finally(now)
                .into();
            later.add(interval)
        };
        let mut on_conflict = OnConflict::column(Column::Key);
        on_conflict
            .value(Column::ClearAt, next())
            .action_and_where(next().lte(now + micros(rule.period)));
        let row = ActiveModel {
            key: Set(key.to_vec()),
            clear_at: Set(now + interval),
        };
        let taken = Entity::insert(row)
            .on_conflict(on_conflict)
            .exec_without_returning(&self.db)
            .await
            .stored()?;
        if taken > 0 {
            return Ok(Ok(()));
        }
        let clear_at = self.find_clear_at(key).await?;
        let refusal = rule.take(clear_at.unwrap_or(at), at).err();
        Ok(Err(refusal.unwrap_or(TooMany {
            retry_after: rule.interval(),
        })))
    }

    async fn give_back_turn(&mut self, key: &TurnKey, rule: &Rule) -> StoreResult<()> {
        Entity::update_many()
            .col_expr(Column::ClearAt, Expr::col(Column::ClearAt).sub(micros(rule.interval())))
            .filter(Column::Key.eq(key.to_vec()))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(())
    }

    async fn delete_turns(&mut self, at: Timestamp, limit: u32) -> StoreResult<u64> {
        let clear = Query::select()
            .column(Column::Key)
            .from(Entity)
            .and_where(Expr::col(Column::ClearAt).lte(at.timestamp_micros()))
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Key.in_subquery(clear));
        Ok(delete.exec(&self.db).await.stored()?.rows_affected)
    }
}

fn micros(span: TimeDelta) -> i64 {
    span.num_microseconds().unwrap_or(i64::MAX)
}
