//! One-time tokens.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{OnConflict, Query},
};
use vestibule_domain::{EmailAddress, Id, OneTimeToken, OneTimeTokenRepo, StoreResult, Timestamp, TokenPurpose, User};

use crate::{
    SeaRepositories,
    entity::one_time_token::{ActiveModel, Column, Entity, Model},
    error::IntoStoreResult,
    repo::corrupt,
};

impl<C: ConnectionTrait + Send + Sync + 'static> OneTimeTokenRepo for SeaRepositories<C> {
    async fn find_one_time_token(&self, id: Id<OneTimeToken>) -> StoreResult<Option<OneTimeToken>> {
        let row = Entity::find_by_id(id.as_uuid())
            .one(&self.db)
            .await
            .into_store_result()?;
        row.map(read_token).transpose().into_store_result()
    }

    async fn find_token_for(&self, id: Id<OneTimeToken>, purpose: TokenPurpose) -> StoreResult<Option<OneTimeToken>> {
        let select = Entity::find_by_id(id.as_uuid()).filter(Column::Purpose.eq(purpose.as_str()));
        let row = select.one(&self.db).await.into_store_result()?;
        row.map(read_token).transpose().into_store_result()
    }

    async fn find_pending_email(&self, user: Id<User>) -> StoreResult<Option<(String, Timestamp)>> {
        let row: Option<(Option<String>, Timestamp)> = Entity::find()
            .select_only()
            .columns([Column::Email, Column::ExpiresAt])
            .filter(Column::UserId.eq(user.as_uuid()))
            .filter(Column::Purpose.eq(TokenPurpose::ChangeEmail.as_str()))
            .into_tuple()
            .one(&self.db)
            .await
            .into_store_result()?;
        Ok(row.and_then(|(email, expires_at)| Some((email?, expires_at))))
    }

    async fn replace_one_time_token(&mut self, token: &OneTimeToken) -> StoreResult<()> {
        let OneTimeToken {
            id,
            user,
            purpose,
            email,
            created_at,
            expires_at,
        } = token;
        let row = ActiveModel {
            id: Set(id.as_uuid()),
            user_id: Set(user.map(|user| user.as_uuid())),
            purpose: Set(purpose.as_str().to_owned()),
            email: Set(email.as_ref().map(|email| email.as_str().to_owned())),
            created_at: Set(*created_at),
            expires_at: Set(*expires_at),
        };
        let mut replace = OnConflict::columns([Column::UserId, Column::Purpose]);
        replace.update_columns([Column::Id, Column::Email, Column::CreatedAt, Column::ExpiresAt]);
        Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn consume_one_time_token(&mut self, id: Id<OneTimeToken>, at: Timestamp) -> StoreResult<bool> {
        let delete = Entity::delete_many()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::ExpiresAt.gt(at));
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected == 1)
    }

    async fn delete_one_time_tokens(&mut self, user: Id<User>, purpose: Option<TokenPurpose>) -> StoreResult<u64> {
        let mut delete = Entity::delete_many().filter(Column::UserId.eq(user.as_uuid()));
        if let Some(purpose) = purpose {
            delete = delete.filter(Column::Purpose.eq(purpose.as_str()));
        }
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected)
    }

    async fn delete_all_one_time_tokens(&mut self) -> StoreResult<u64> {
        Ok(Entity::delete_many()
            .exec(&self.db)
            .await
            .into_store_result()?
            .rows_affected)
    }

    async fn delete_expired_tokens(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let expired = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::ExpiresAt.lt(before))
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(expired));
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected)
    }
}

fn read_token(row: Model) -> Result<OneTimeToken, DbErr> {
    let Model {
        id,
        user_id,
        purpose,
        email,
        created_at,
        expires_at,
    } = row;
    let parse = |email: &String| EmailAddress::parse_stored(email).map_err(|_| corrupt("email address"));
    Ok(OneTimeToken {
        id: Id::from_uuid(id),
        user: user_id.map(Id::from_uuid),
        purpose: TokenPurpose::from_name(&purpose).ok_or_else(|| corrupt("token purpose"))?,
        email: email.as_ref().map(parse).transpose()?,
        created_at,
        expires_at,
    })
}
