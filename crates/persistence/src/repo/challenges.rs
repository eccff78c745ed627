//! Challenges.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use vestibule_domain::{Challenge, ChallengePurpose, ChallengeRepo, Id, Secret, StoreResult, Timestamp, User};

use crate::{
    SeaRepositories,
    entity::challenge::{ActiveModel, Column, Entity, Model},
    error::IntoStoreResult,
    repo::corrupt,
};

impl<C: ConnectionTrait + Send + Sync + 'static> ChallengeRepo for SeaRepositories<C> {
    async fn find_challenge(&self, id: Id<Challenge>) -> StoreResult<Option<Challenge>> {
        let row: Option<Model> = self.fetch_optional(Entity::find_by_id(id.as_uuid())).await?;
        row.map(read_challenge).transpose().into_store_result()
    }

    async fn insert_challenge(&mut self, challenge: &Challenge) -> StoreResult<()> {
        let Challenge {
            id,
            purpose,
            user,
            bytes,
            failed_attempts,
            created_at,
            expires_at,
        } = challenge;
        let row = ActiveModel {
            id: Set(id.as_uuid()),
            purpose: Set(purpose.as_str().to_owned()),
            user_id: Set(user.map(|user| user.as_uuid())),
            bytes: Set(bytes.expose().to_vec()),
            failed_attempts: Set((*failed_attempts).into()),
            created_at: Set(*created_at),
            expires_at: Set(*expires_at),
        };
        self.insert(vec![row]).await
    }

    async fn count_failed_attempt(&mut self, id: Id<Challenge>) -> StoreResult<Option<u32>> {
        let count = Entity::update_many()
            .col_expr(Column::FailedAttempts, Expr::col(Column::FailedAttempts).add(1))
            .filter(Column::Id.eq(id.as_uuid()));
        self.execute(count).await?;
        let counted = Entity::find_by_id(id.as_uuid())
            .select_only()
            .column(Column::FailedAttempts);
        let counted: Option<i64> = self.scalar(counted).await?;
        Ok(counted.map(|count| u32::try_from(count).unwrap_or(u32::MAX)))
    }

    async fn consume_challenge(&mut self, id: Id<Challenge>) -> StoreResult<bool> {
        Ok(self.execute(Entity::delete_by_id(id.as_uuid())).await? == 1)
    }

    async fn delete_challenges(&mut self, user: Id<User>) -> StoreResult<()> {
        let delete = Entity::delete_many().filter(Column::UserId.eq(user.as_uuid()));
        self.execute(delete).await?;
        Ok(())
    }

    async fn delete_all_challenges(&mut self) -> StoreResult<u64> {
        self.execute(Entity::delete_many()).await
    }

    async fn delete_expired_challenges(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_batch(Entity::find().filter(Column::ExpiresAt.lte(before)), limit)
            .await
    }
}

fn read_challenge(row: Model) -> Result<Challenge, DbErr> {
    let Model {
        id,
        purpose,
        user_id,
        bytes,
        failed_attempts,
        created_at,
        expires_at,
    } = row;
    Ok(Challenge {
        id: Id::from_uuid(id),
        purpose: ChallengePurpose::from_name(&purpose).ok_or_else(|| corrupt("challenge purpose"))?,
        user: user_id.map(Id::from_uuid),
        bytes: Secret::new(bytes.try_into().map_err(|_| corrupt("challenge"))?),
        failed_attempts: u32::try_from(failed_attempts).map_err(|_| corrupt("number of failed attempts"))?,
        created_at,
        expires_at,
    })
}
