//! One-time tokens.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait, QueryFilter,
    sea_query::OnConflict,
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
        let row: Option<Model> = self.fetch_optional(Entity::find_by_id(id.as_uuid())).await?;
        row.map(read_token).transpose().into_store_result()
    }

    async fn find_token_for(&self, id: Id<OneTimeToken>, purpose: TokenPurpose) -> StoreResult<Option<OneTimeToken>> {
        let select = Entity::find_by_id(id.as_uuid()).filter(Column::Purpose.eq(purpose.as_str()));
        let row: Option<Model> = self.fetch_optional(select).await?;
        row.map(read_token).transpose().into_store_result()
    }

    async fn find_pending_email(&self, user: Id<User>) -> StoreResult<Option<(String, Timestamp)>> {
        let select = Entity::find()
            .filter(Column::UserId.eq(user.as_uuid()))
            .filter(Column::Purpose.eq(TokenPurpose::ChangeEmail.as_str()));
        let row: Option<PendingEmail> = self.fetch_optional(select).await?;
        Ok(row.and_then(|row| Some((row.email?, row.expires_at))))
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
        self.execute(Entity::insert(row).on_conflict(replace)).await?;
        Ok(())
    }

    async fn consume_one_time_token(&mut self, id: Id<OneTimeToken>, at: Timestamp) -> StoreResult<bool> {
        let delete = Entity::delete_many()
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::ExpiresAt.gt(at));
        Ok(self.execute(delete).await? == 1)
    }

    async fn delete_one_time_tokens(&mut self, user: Id<User>, purpose: Option<TokenPurpose>) -> StoreResult<u64> {
        let mut delete = Entity::delete_many().filter(Column::UserId.eq(user.as_uuid()));
        if let Some(purpose) = purpose {
            delete = delete.filter(Column::Purpose.eq(purpose.as_str()));
        }
        self.execute(delete).await
    }

    async fn delete_all_one_time_tokens(&mut self) -> StoreResult<u64> {
        self.execute(Entity::delete_many()).await
    }

    async fn delete_expired_tokens(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_batch(Entity::find().filter(Column::ExpiresAt.lt(before)), limit)
            .await
    }
}

/// The columns of a token that confirms a new email address.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "Entity")]
struct PendingEmail {
    email: Option<String>,
    expires_at: Timestamp,
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
