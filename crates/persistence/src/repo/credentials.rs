//! Password hashes.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use vestibule_domain::{CredentialRepo, Id, PasswordHash, StoreResult, StoredPassword, Timestamp, User};

use crate::{
    SeaRepositories,
    entity::credential::{ActiveModel, Column, Entity, Model},
};

impl<C: ConnectionTrait + Send + Sync + 'static> CredentialRepo for SeaRepositories<C> {
    async fn find_password(&self, user: Id<User>) -> StoreResult<Option<StoredPassword>> {
        let row: Option<Model> = self.fetch_optional(Entity::find_by_id(user.as_uuid())).await?;
        Ok(row.map(|row| StoredPassword {
            hash: PasswordHash::new(row.password_hash),
            changed_at: row.changed_at,
        }))
    }

    async fn set_password_hash(&mut self, user: Id<User>, hash: &PasswordHash, at: Timestamp) -> StoreResult<()> {
        let row = ActiveModel {
            user_id: Set(user.as_uuid()),
            password_hash: Set(hash.expose().clone()),
            changed_at: Set(at),
        };
        let mut replace = OnConflict::column(Column::UserId);
        replace.update_columns([Column::PasswordHash, Column::ChangedAt]);
        self.execute(Entity::insert(row).on_conflict(replace)).await?;
        Ok(())
    }

    async fn upgrade_password_hash(
        &mut self,
        user: Id<User>,
        from: &PasswordHash,
        to: &PasswordHash,
    ) -> StoreResult<()> {
        let upgrade = Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(to.expose().clone()))
            .filter(Column::UserId.eq(user.as_uuid()))
            .filter(Column::PasswordHash.eq(from.expose().as_str()));
        self.execute(upgrade).await?;
        Ok(())
    }
}
