//! The installation, which is the only row of its table.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};
use vestibule_domain::{Id, Installation, InstallationRepo, KeyFingerprint, StoreResult, Timestamp};

use crate::{
    SeaRepositories,
    entity::installation::{Column, Entity, Model},
    error::IntoStoreResult,
    repo::corrupt,
};

impl<C: ConnectionTrait + Send + Sync + 'static> InstallationRepo for SeaRepositories<C> {
    async fn find_installation(&self) -> StoreResult<Installation> {
        let row: Option<Model> = self.fetch_optional(Entity::find()).await?;
        row.ok_or_else(|| corrupt("installation"))
            .and_then(read_installation)
            .into_store_result()
    }

    async fn close_setup(&mut self, at: Timestamp) -> StoreResult<bool> {
        let close = Entity::update_many()
            .col_expr(Column::SetupClosedAt, Expr::val(at))
            .filter(Column::SetupClosedAt.is_null());
        Ok(self.execute(close).await? == 1)
    }

    async fn set_key_fingerprint(&mut self, fingerprint: &KeyFingerprint) -> StoreResult<()> {
        let update = Entity::update_many().col_expr(Column::KeyFingerprint, Expr::val(fingerprint.to_vec()));
        self.execute(update).await?;
        Ok(())
    }
}

fn read_installation(row: Model) -> Result<Installation, DbErr> {
    let Model {
        id,
        setup_closed_at,
        key_fingerprint,
    } = row;
    let key_fingerprint = key_fingerprint
        .map(|bytes| bytes.try_into().map_err(|_| corrupt("key fingerprint")))
        .transpose()?;
    Ok(Installation {
        id: Id::from_uuid(id),
        setup_closed_at,
        key_fingerprint,
    })
}
