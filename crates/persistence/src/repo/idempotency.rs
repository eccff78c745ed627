//! Requests that were given a key.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;
use vestibule_domain::{
    Id, StoreResult, Timestamp,
    idempotency::{Claim, IdempotencyRepo, KeptRequest},
    user::User,
};

use crate::{
    SeaRepos,
    entity::kept_request::{ActiveModel, Column, Entity},
    error::Stored,
    repo::corrupt,
};

impl<C: ConnectionTrait + Send + Sync + 'static> IdempotencyRepo for SeaRepos<C> {
    async fn find_request(&self, claim: &Claim) -> StoreResult<Option<KeptRequest>> {
        let found = Entity::find().filter(key_of(claim)).one(&self.db).await.stored()?;
        let Some(row) = found else { return Ok(None) };
        let fingerprint = row.fingerprint.try_into().map_err(|_| corrupt("fingerprint"));
        Ok(Some(KeptRequest {
            fingerprint: fingerprint.stored()?,
            answer: row.answer,
        }))
    }

    /// One statement: it inserts the request, or takes the place of one that is kept no longer.
    async fn claim_request(&mut self, claim: &Claim, at: Timestamp) -> StoreResult<bool> {
        let row = ActiveModel {
            user_id: Set(claim.user.as_uuid()),
            place: Set(claim.place.to_owned()),
            key: Set(claim.key.as_str().to_owned()),
            fingerprint: Set(claim.fingerprint.to_vec()),
            answer: Set(None),
            made_id: Set(None),
            kept_until: Set(claim.until),
        };
        let mut take_over = OnConflict::columns([Column::UserId, Column::Place, Column::Key]);
        take_over
            .update_columns([Column::Fingerprint, Column::Answer, Column::MadeId, Column::KeptUntil])
            .action_and_where(Expr::col((Entity, Column::KeptUntil)).lte(at));
        let claimed = Entity::insert(row)
            .on_conflict(take_over)
            .exec_without_returning(&self.db)
            .await
            .stored()?;
        Ok(claimed > 0)
    }

    async fn keep_answer(&mut self, claim: &Claim, answer: &str, made: Uuid, until: Timestamp) -> StoreResult<bool> {
        let kept = Entity::update_many()
            .col_expr(Column::Answer, Expr::value(answer))
            .col_expr(Column::MadeId, Expr::value(made))
            .col_expr(Column::KeptUntil, Expr::value(until))
            .filter(under_way(claim))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(kept.rows_affected == 1)
    }

    async fn release_request(&mut self, claim: &Claim) -> StoreResult<()> {
        let delete = Entity::delete_many().filter(under_way(claim));
        delete.exec(&self.db).await.stored()?;
        Ok(())
    }

    async fn forget_answers(&mut self, made: Id<User>) -> StoreResult<()> {
        let delete = Entity::delete_many().filter(Column::MadeId.eq(made.as_uuid()));
        delete.exec(&self.db).await.stored()?;
        Ok(())
    }

    async fn delete_all_requests(&mut self) -> StoreResult<u64> {
        Ok(Entity::delete_many().exec(&self.db).await.stored()?.rows_affected)
    }

    async fn delete_requests(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let key = [Column::UserId, Column::Place, Column::Key];
        let old = Query::select()
            .columns(key)
            .from(Entity)
            .and_where(Column::KeptUntil.lte(before))
            .limit(limit.into())
            .take();
        let columns = Expr::tuple(key.map(Expr::col));
        let delete = Entity::delete_many().filter(columns.in_subquery(old));
        Ok(delete.exec(&self.db).await.stored()?.rows_affected)
    }
}

fn key_of(claim: &Claim) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(claim.user.as_uuid()))
        .add(Column::Place.eq(claim.place))
        .add(Column::Key.eq(claim.key.as_str()))
}

/// The request of this claim, as long as nobody else took its place.
fn under_way(claim: &Claim) -> Condition {
    key_of(claim)
        .add(Column::Answer.is_null())
        .add(Column::KeptUntil.eq(claim.until))
}
