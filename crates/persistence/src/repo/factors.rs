//! Authenticator apps, passkeys and recovery codes.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use vestibule_domain::{CredentialId, FactorRepo, Id, Passkey, RecoveryCodeDigest, StoreResult, TotpFactor, User};

use crate::{
    SeaRepositories,
    entity::{passkey, recovery_code, totp_secret, user},
    error::IntoStoreResult,
    repo::{
        corrupt,
        passkeys_row::{read_passkey, to_row},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> FactorRepo for SeaRepositories<C> {
    async fn has_second_factor(&self, user: Id<User>) -> StoreResult<bool> {
        let select = user::Entity::find_by_id(user.as_uuid())
            .select_only()
            .column(user::Column::HasSecondFactor);
        Ok(self.scalar(select).await?.unwrap_or(false))
    }

    async fn find_totp(&self, user: Id<User>) -> StoreResult<Option<TotpFactor>> {
        let row = self
            .fetch_optional(totp_secret::Entity::find_by_id(user.as_uuid()))
            .await?;
        Ok(row.map(read_totp))
    }

    async fn list_passkeys(&self, user: Id<User>) -> StoreResult<Vec<Passkey>> {
        let select = passkey::Entity::find()
            .filter(passkey::Column::UserId.eq(user.as_uuid()))
            .order_by_asc(passkey::Column::Id);
        let rows = self.fetch_all(select).await?.into_iter().map(read_passkey);
        rows.collect::<Result<_, _>>().into_store_result()
    }

    async fn find_passkey(&self, credential: &CredentialId) -> StoreResult<Option<Passkey>> {
        let select = passkey::Entity::find().filter(passkey::Column::CredentialId.eq(credential.0.clone()));
        let row = self.fetch_optional(select).await?;
        row.map(read_passkey).transpose().into_store_result()
    }

    async fn list_recovery_codes(&self, user: Id<User>) -> StoreResult<Vec<RecoveryCodeDigest>> {
        let select = recovery_code::Entity::find()
            .select_only()
            .column(recovery_code::Column::Digest)
            .filter(recovery_code::Column::UserId.eq(user.as_uuid()));
        let digests = self.scalars::<Vec<u8>>(select).await?.into_iter();
        let digests = digests.map(|digest| digest.try_into().map_err(|_| corrupt("digest of a recovery code")));
        digests.collect::<Result<_, _>>().into_store_result()
    }

    async fn list_totp(&self, after: Option<Id<User>>, limit: u32) -> StoreResult<Vec<(Id<User>, TotpFactor)>> {
        let mut select = totp_secret::Entity::find()
            .order_by_asc(totp_secret::Column::UserId)
            .limit(u64::from(limit));
        if let Some(after) = after {
            select = select.filter(totp_secret::Column::UserId.gt(after.as_uuid()));
        }
        let rows: Vec<totp_secret::Model> = self.fetch_all(select).await?;
        let read = |row: totp_secret::Model| (Id::from_uuid(row.user_id), read_totp(row));
        Ok(rows.into_iter().map(read).collect())
    }

    async fn set_second_factor(&mut self, user: Id<User>, has_second_factor: bool) -> StoreResult<()> {
        let update = user::Entity::update_many()
            .col_expr(user::Column::HasSecondFactor, Expr::value(has_second_factor))
            .filter(user::Column::Id.eq(user.as_uuid()));
        self.execute(update).await?;
        Ok(())
    }

    async fn replace_totp(&mut self, user: Id<User>, totp: &TotpFactor) -> StoreResult<()> {
        use totp_secret::Column;
        let TotpFactor {
            sealed_secret,
            created_at,
            confirmed_at,
            last_step,
        } = totp;
        let row = totp_secret::ActiveModel {
            user_id: Set(user.as_uuid()),
            sealed_secret: Set(sealed_secret.clone()),
            created_at: Set(*created_at),
            confirmed_at: Set(*confirmed_at),
            last_step: Set(last_step.map(u64::cast_signed)),
        };
        let mut replace = OnConflict::column(Column::UserId);
        replace.update_columns([
            Column::SealedSecret,
            Column::CreatedAt,
            Column::ConfirmedAt,
            Column::LastStep,
        ]);
        self.execute(totp_secret::Entity::insert(row).on_conflict(replace))
            .await?;
        Ok(())
    }

    async fn delete_totp(&mut self, user: Id<User>) -> StoreResult<bool> {
        Ok(self.execute(totp_secret::Entity::delete_by_id(user.as_uuid())).await? == 1)
    }

    async fn insert_passkey(&mut self, passkey: &Passkey) -> StoreResult<()> {
        self.insert(vec![to_row(passkey)]).await
    }

    async fn update_passkey(&mut self, passkey: &Passkey) -> StoreResult<()> {
        let update = passkey::Entity::update_many()
            .set(to_row(passkey))
            .filter(passkey::Column::Id.eq(passkey.id.as_uuid()));
        self.execute(update).await?;
        Ok(())
    }

    async fn delete_passkey(&mut self, id: Id<Passkey>) -> StoreResult<()> {
        self.execute(passkey::Entity::delete_by_id(id.as_uuid())).await?;
        Ok(())
    }

    async fn replace_recovery_codes(&mut self, user: Id<User>, digests: &[RecoveryCodeDigest]) -> StoreResult<()> {
        let belongs_to_user = recovery_code::Column::UserId.eq(user.as_uuid());
        self.execute(recovery_code::Entity::delete_many().filter(belongs_to_user))
            .await?;
        let rows = digests.iter().map(|digest| recovery_code::ActiveModel {
            user_id: Set(user.as_uuid()),
            digest: Set(digest.to_vec()),
        });
        self.insert(rows.collect()).await
    }

    async fn consume_recovery_code(&mut self, user: Id<User>, digest: &RecoveryCodeDigest) -> StoreResult<bool> {
        let delete = recovery_code::Entity::delete_by_id((user.as_uuid(), digest.to_vec()));
        Ok(self.execute(delete).await? == 1)
    }
}

fn read_totp(row: totp_secret::Model) -> TotpFactor {
    let totp_secret::Model {
        user_id: _,
        sealed_secret,
        created_at,
        confirmed_at,
        last_step,
    } = row;
    TotpFactor {
        sealed_secret,
        created_at,
        confirmed_at,
        last_step: last_step.map(i64::cast_unsigned),
    }
}
