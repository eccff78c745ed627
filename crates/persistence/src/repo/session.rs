//! Sessions.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use vestibule_domain::{
    Id, Secret, StoreResult, Timestamp,
    session::{Device, LiveCaller, Session, SessionRepo},
    user::User,
};

use crate::{
    SeaRepos,
    entity::session::{ActiveModel, Column, Entity, Model},
    error::Stored,
    repo::{caller, corrupt},
};

impl<C: ConnectionTrait + Send + Sync + 'static> SessionRepo for SeaRepos<C> {
    async fn find_session(&self, id: Id<Session>) -> StoreResult<Option<Session>> {
        let row = Entity::find_by_id(id.as_uuid()).one(&self.db).await.stored()?;
        row.map(session_of).transpose().stored()
    }

    async fn find_caller(&self, id: Id<Session>) -> StoreResult<Option<LiveCaller>> {
        if let Some(shared) = &self.shared {
            return shared.callers.find(id).await;
        }
        let statement = caller::statement(self.db.get_database_backend(), &[id]);
        let row = self.db.query_one_raw(statement).await.stored()?;
        let found = row.map(|row| caller::read(&row)).transpose().stored()?;
        Ok(found.map(|(_, caller)| caller))
    }

    async fn list_live_sessions(&self, user: Id<User>, at: Timestamp) -> StoreResult<Vec<Session>> {
        let rows = Entity::find()
            .filter(live_of(user))
            .filter(Column::ExpiresAt.gt(at))
            .order_by_desc(Column::Id)
            .all(&self.db)
            .await
            .stored()?;
        rows.into_iter().map(session_of).collect::<Result<_, _>>().stored()
    }

    async fn list_sessions(&self, user: Id<User>) -> StoreResult<Vec<Session>> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(user.as_uuid()))
            .order_by_desc(Column::Id)
            .all(&self.db)
            .await
            .stored()?;
        rows.into_iter().map(session_of).collect::<Result<_, _>>().stored()
    }

    async fn list_devices(&self, user: Id<User>) -> StoreResult<Vec<Device>> {
        let rows: Vec<(Option<String>, Option<String>)> = Entity::find()
            .select_only()
            .columns([Column::UserAgent, Column::IpAddress])
            .filter(Column::UserId.eq(user.as_uuid()))
            .order_by_desc(Column::Id)
            .limit(100)
            .into_tuple()
            .all(&self.db)
            .await
            .stored()?;
        let device = |(user_agent, ip_address)| Device { user_agent, ip_address };
        Ok(rows.into_iter().map(device).collect())
    }

    async fn count_live_sessions(&self, at: Timestamp) -> StoreResult<u64> {
        Entity::find()
            .filter(Column::ExpiresAt.gt(at))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::UserId.is_not_null())
            .count(&self.db)
            .await
            .stored()
    }

    async fn insert_session(&mut self, session: &Session) -> StoreResult<()> {
        Entity::insert(row_of(session))
            .exec_without_returning(&self.db)
            .await
            .stored()?;
        Ok(())
    }

    async fn rotate_session(
        &mut self,
        id: Id<Session>,
        from: u32,
        not_after: Timestamp,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let settled = Condition::any()
            .add(Column::RotatedAt.is_null())
            .add(Column::RotatedAt.lte(not_after));
        let rotated = Entity::update_many()
            .col_expr(Column::Generation, Expr::value(i64::from(from) + 1))
            .col_expr(Column::RotatedAt, Expr::value(at))
            .col_expr(Column::LastUsedAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Generation.eq(i64::from(from)))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::UserId.is_not_null())
            .filter(Column::ExpiresAt.gt(at))
            .filter(settled)
            .exec(&self.db)
            .await
            .stored()?;
        Ok(rotated.rows_affected == 1)
    }

    async fn revoke_session(&mut self, id: Id<Session>, at: Timestamp) -> StoreResult<bool> {
        let revoked = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(at))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(revoked.rows_affected == 1)
    }

    async fn revoke_sessions(&mut self, user: Id<User>, except: Option<Id<Session>>, at: Timestamp) -> StoreResult<()> {
        let mut others = live_of(user);
        if let Some(except) = except {
            others = others.add(Column::Id.ne(except.as_uuid()));
        }
        Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(others)
            .exec(&self.db)
            .await
            .stored()?;
        Ok(())
    }

    async fn revoke_all_sessions(&mut self, at: Timestamp) -> StoreResult<u64> {
        let revoked = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(at))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(revoked.rows_affected)
    }

    async fn disown_sessions(&mut self, user: Id<User>, at: Timestamp) -> StoreResult<()> {
        self.revoke_sessions(user, None, at).await?;
        let nothing = || Expr::value(Option::<String>::None);
        Entity::update_many()
            .col_expr(Column::UserId, Expr::value(Option::<uuid::Uuid>::None))
            .col_expr(Column::UserAgent, nothing())
            .col_expr(Column::IpAddress, nothing())
            .filter(Column::UserId.eq(user.as_uuid()))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(())
    }

    async fn delete_expired_sessions(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let expired = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::ExpiresAt.lt(before))
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(expired));
        Ok(delete.exec(&self.db).await.stored()?.rows_affected)
    }
}

fn live_of(user: Id<User>) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(user.as_uuid()))
        .add(Column::RevokedAt.is_null())
}

fn row_of(session: &Session) -> ActiveModel {
    let Session {
        id,
        user,
        secret,
        generation,
        rotated_at,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        device: Device { user_agent, ip_address },
    } = session;
    ActiveModel {
        id: Set(id.as_uuid()),
        user_id: Set(user.map(|user| user.as_uuid())),
        secret: Set(secret.expose().to_vec()),
        generation: Set((*generation).into()),
        rotated_at: Set(*rotated_at),
        created_at: Set(*created_at),
        last_used_at: Set(*last_used_at),
        expires_at: Set(*expires_at),
        revoked_at: Set(*revoked_at),
        user_agent: Set(user_agent.clone()),
        ip_address: Set(ip_address.clone()),
    }
}

fn session_of(row: Model) -> Result<Session, DbErr> {
    let Model {
        id,
        user_id,
        secret,
        generation,
        rotated_at,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        user_agent,
        ip_address,
    } = row;
    Ok(Session {
        id: Id::from_uuid(id),
        user: user_id.map(Id::from_uuid),
        secret: Secret::new(secret.try_into().map_err(|_| corrupt("session secret"))?),
        generation: u32::try_from(generation).map_err(|_| corrupt("generation"))?,
        rotated_at,
        created_at,
        last_used_at,
        expires_at,
        revoked_at,
        device: Device { user_agent, ip_address },
    })
}
