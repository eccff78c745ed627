//! Password hashes.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use vestibule_domain::{
    Id, StoreResult, Timestamp,
    credential::{CredentialRepo, PasswordHash},
    user::User,
};

use crate::{
    SeaRepos,
    entity::credential::{ActiveModel, Column, Entity},
    error::Stored,
};

impl<C: ConnectionTrait + Send + Sync + 'static> CredentialRepo for SeaRepos<C> {
    async fn find_password_hash(&self, user: Id<User>) -> StoreResult<Option<PasswordHash>> {
        let row = Entity::find_by_id(user.as_uuid()).one(&self.db).await.stored()?;
        Ok(row.map(|row| PasswordHash::new(row.password_hash)))
    }

    async fn set_password_hash(&mut self, user: Id<User>, hash: &PasswordHash, at: Timestamp) -> StoreResult<()> {
        let row = ActiveModel {
            user_id: Set(user.as_uuid()),
            password_hash: Set(hash.expose().clone()),
            changed_at: Set(at),
        };
        let mut replace = OnConflict::column(Column::UserId);
        replace.update_columns([Column::PasswordHash, Column::ChangedAt]);
        Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&self.db)
            .await
            .stored()?;
        Ok(())
    }
}
