//! Sessions.

use std::num::NonZeroU32;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Alias, Expr, Func, Order, Query},
};
use uuid::Uuid;
use vestibule_domain::{
    AuthenticatedSession, Device, Id, Limit, Session, SessionRepo, SessionRow, StoreResult, Timestamp, User,
};

use crate::{
    SeaRepositories,
    entity::session::{Column, Entity},
    error::IntoStoreResult,
    repo::{
        authentication,
        sessions_row::{ListedSession, read_listed, read_row, read_session, select_rows, to_row},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> SessionRepo for SeaRepositories<C> {
    async fn find_session(&self, id: Id<Session>) -> StoreResult<Option<Session>> {
        let row = Entity::find_by_id(id.as_uuid())
            .one(&self.db)
            .await
            .into_store_result()?;
        row.map(read_session).transpose().into_store_result()
    }

    async fn find_authenticated_session(&self, id: Id<Session>) -> StoreResult<Option<AuthenticatedSession>> {
        if let Some(shared) = &self.shared {
            return shared.auth_loader.load(id).await;
        }
        let statement = authentication::statement(self.db.get_database_backend(), &[id]);
        let row = self.db.query_one_raw(statement).await.into_store_result()?;
        row.map(|row| authentication::read(&row))
            .transpose()
            .into_store_result()
    }

    async fn find_session_row(&self, id: Id<Session>) -> StoreResult<Option<SessionRow>> {
        let select = select_rows().and_where(Column::Id.eq(id.as_uuid())).take();
        let row = self.db.query_one(&select).await.into_store_result()?;
        row.map(|row| read_row(&row)).transpose().into_store_result()
    }

    async fn list_live_sessions(
        &self,
        user: Id<User>,
        at: Timestamp,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> StoreResult<Vec<ListedSession>> {
        self.newest_sessions(is_live(user, at), after, limit).await
    }

    async fn count_live_sessions_of(&self, user: Id<User>, at: Timestamp, bound: NonZeroU32) -> StoreResult<u64> {
        let bounded = Query::select()
            .expr(Expr::val(1))
            .from(Entity)
            .cond_where(is_live(user, at))
            .limit(u64::from(bound.get()) + 1)
            .take();
        let count = Query::select()
            .expr(Func::count(Expr::cust("*")))
            .from_subquery(bounded, Alias::new("counted"))
            .take();
        let row = self.db.query_one(&count).await.into_store_result()?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0)).into_store_result()?;
        Ok(count.unsigned_abs())
    }

    async fn list_sessions(
        &self,
        user: Id<User>,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> StoreResult<Vec<ListedSession>> {
        let belongs_to_user = Condition::all().add(Column::UserId.eq(user.as_uuid()));
        self.newest_sessions(belongs_to_user, after, limit).await
    }

    async fn list_surplus_sessions(
        &self,
        user: Id<User>,
        at: Timestamp,
        keep: u32,
        limit: u32,
    ) -> StoreResult<Vec<Id<Session>>> {
        let surplus = most_recently_used(user, at)
            .offset(u64::from(keep))
            .limit(u64::from(limit))
            .into_tuple::<Uuid>();
        let ids = surplus.all(&self.db).await.into_store_result()?;
        Ok(ids.into_iter().map(Id::from_uuid).collect())
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
            .into_store_result()?;
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
            .into_store_result()
    }

    async fn insert_session(&mut self, session: &Session) -> StoreResult<()> {
        Entity::insert(to_row(session))
            .exec_without_returning(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn rotate_session(
        &mut self,
        id: Id<Session>,
        from: u32,
        not_after: Timestamp,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let may_rotate = Condition::any()
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
            .filter(may_rotate)
            .exec(&self.db)
            .await
            .into_store_result()?;
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
            .into_store_result()?;
        Ok(revoked.rows_affected == 1)
    }

    async fn revoke_sessions(&mut self, user: Id<User>, except: Option<Id<Session>>, at: Timestamp) -> StoreResult<()> {
        let mut condition = is_not_revoked(user);
        if let Some(except) = except {
            condition = condition.add(Column::Id.ne(except.as_uuid()));
        }
        Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(condition)
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn revoke_all_sessions(&mut self, at: Timestamp) -> StoreResult<u64> {
        let revoked = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(at))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(revoked.rows_affected)
    }

    async fn revoke_surplus_sessions(
        &mut self,
        user: Id<User>,
        at: Timestamp,
        keep: u32,
        limit: u32,
    ) -> StoreResult<u64> {
        let surplus = most_recently_used(user, at)
            .offset(u64::from(keep))
            .limit(u64::from(limit))
            .into_query();
        let revoked = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(Column::Id.in_subquery(surplus))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(revoked.rows_affected)
    }

    async fn detach_ended_sessions(&mut self, user: Id<User>, at: Timestamp, limit: u32) -> StoreResult<u64> {
        let ended = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::UserId.eq(user.as_uuid()))
            .cond_where(
                Condition::any()
                    .add(Column::RevokedAt.is_not_null())
                    .add(Column::ExpiresAt.lte(at)),
            )
            .limit(limit.into())
            .take();
        self.detach(Column::Id.in_subquery(ended)).await
    }

    async fn detach_sessions(&mut self, user: Id<User>, at: Timestamp) -> StoreResult<()> {
        self.revoke_sessions(user, None, at).await?;
        self.detach(Column::UserId.eq(user.as_uuid())).await?;
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
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected)
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    /// Returns one page of sessions, newest first, and one more session if there is a next page.
    async fn newest_sessions(
        &self,
        condition: Condition,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> StoreResult<Vec<ListedSession>> {
        let mut select = select_rows();
        select.cond_where(condition);
        if let Some(after) = after {
            select.and_where(Column::Id.lt(after.as_uuid()));
        }
        select
            .order_by(Column::Id, Order::Desc)
            .limit(u64::from(limit.get()) + 1);
        let rows = self.db.query_all(&select).await.into_store_result()?;
        rows.iter()
            .map(read_listed)
            .collect::<Result<_, _>>()
            .into_store_result()
    }

    /// Removes the user and the device from sessions. Returns the number of sessions.
    async fn detach(&mut self, condition: Expr) -> StoreResult<u64> {
        let null = || Expr::value(Option::<String>::None);
        let detached = Entity::update_many()
            .col_expr(Column::UserId, Expr::value(Option::<Uuid>::None))
            .col_expr(Column::UserAgent, null())
            .col_expr(Column::IpAddress, null())
            .filter(condition)
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(detached.rows_affected)
    }
}

/// Selects the IDs of the live sessions of a user, the most recently used first.
fn most_recently_used(user: Id<User>, at: Timestamp) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(is_live(user, at))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
}

fn is_live(user: Id<User>, at: Timestamp) -> Condition {
    is_not_revoked(user).add(Column::ExpiresAt.gt(at))
}

fn is_not_revoked(user: Id<User>) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(user.as_uuid()))
        .add(Column::RevokedAt.is_null())
}
