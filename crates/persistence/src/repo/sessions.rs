//! Sessions.

use std::num::NonZeroU32;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Order},
};
use uuid::Uuid;
use vestibule_domain::{
    AuthMethods, AuthenticatedSession, Device, Id, Limit, LiveAt, Session, SessionRepo, SessionRow, StoreResult,
    Timestamp, User,
};

use crate::{
    SeaRepositories,
    batch_loader::Lookup,
    entity::session::{Column, Entity, Model},
    error::IntoStoreResult,
    repo::{
        authentication::SessionLookup,
        query::{keyset, rows_of_page},
        sessions_row::{ListedSession, read_device, read_row, read_session, to_row},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> SessionRepo for SeaRepositories<C> {
    async fn find_session(&self, id: Id<Session>) -> StoreResult<Option<Session>> {
        let row: Option<Model> = self.fetch_optional(Entity::find_by_id(id.as_uuid())).await?;
        row.map(read_session).transpose().into_store_result()
    }

    async fn find_authenticated_session(&self, id: Id<Session>) -> StoreResult<Option<AuthenticatedSession>> {
        match &self.shared {
            Some(shared) => shared.sessions.load(id).await,
            None => SessionLookup::load_one(&self.db, id).await,
        }
    }

    async fn find_session_row(&self, id: Id<Session>) -> StoreResult<Option<SessionRow>> {
        let row = self.fetch_optional(Entity::find_by_id(id.as_uuid())).await?;
        Ok(row.map(read_row))
    }

    async fn list_live_sessions(
        &self,
        user: Id<User>,
        live: &LiveAt,
        after: Option<Id<Session>>,
        limit: Limit,
    ) -> StoreResult<Vec<ListedSession>> {
        self.newest_sessions(is_live(user, live), after, limit).await
    }

    async fn count_live_sessions_of(&self, user: Id<User>, live: &LiveAt, bound: NonZeroU32) -> StoreResult<u64> {
        self.bounded_count(Entity::find().filter(is_live(user, live)).into_query(), bound)
            .await
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
        live: &LiveAt,
        keep: u32,
        limit: u32,
    ) -> StoreResult<Vec<Id<Session>>> {
        let surplus = most_recently_used(user, live)
            .offset(u64::from(keep))
            .limit(u64::from(limit));
        let ids = self.scalars(surplus).await?;
        Ok(ids.into_iter().map(Id::from_uuid).collect())
    }

    async fn list_devices(&self, user: Id<User>) -> StoreResult<Vec<Device>> {
        let latest = Entity::find()
            .filter(Column::UserId.eq(user.as_uuid()))
            .order_by_desc(Column::Id)
            .limit(100);
        let devices = self.fetch_all(latest).await?;
        Ok(devices.into_iter().map(read_device).collect())
    }

    async fn count_live_sessions(&self, live: &LiveAt) -> StoreResult<u64> {
        let live = Entity::find()
            .filter(not_ended(live))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::UserId.is_not_null());
        self.count(live).await
    }

    async fn insert_session(&mut self, session: &Session) -> StoreResult<()> {
        self.insert(vec![to_row(session)]).await
    }

    async fn record_session_use(&mut self, id: Id<Session>, before: Timestamp, at: Timestamp) -> StoreResult<()> {
        let record = Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::LastUsedAt.lte(before));
        self.execute(record).await?;
        Ok(())
    }

    async fn record_proof(&mut self, id: Id<Session>, methods: &AuthMethods, at: Timestamp) -> StoreResult<()> {
        let select = Entity::find_by_id(id.as_uuid()).select_only().column(Column::Methods);
        let stored: String = self.scalar(select).await?.unwrap_or_default();
        let record = Entity::update_many()
            .col_expr(Column::AuthenticatedAt, Expr::value(at))
            .col_expr(
                Column::Methods,
                Expr::value(AuthMethods::from_stored(&stored).union(methods).to_stored()),
            )
            .filter(Column::Id.eq(id.as_uuid()));
        self.execute(record).await?;
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
        let rotate = Entity::update_many()
            .col_expr(Column::Generation, Expr::value(i64::from(from) + 1))
            .col_expr(Column::RotatedAt, Expr::value(at))
            .col_expr(Column::LastUsedAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Generation.eq(i64::from(from)))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::UserId.is_not_null())
            .filter(Column::ExpiresAt.gt(at))
            .filter(may_rotate);
        Ok(self.execute(rotate).await? == 1)
    }

    async fn revoke_session(&mut self, id: Id<Session>, at: Timestamp) -> StoreResult<bool> {
        let revoke = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(at));
        Ok(self.execute(revoke).await? == 1)
    }

    async fn revoke_sessions(&mut self, user: Id<User>, except: Option<Id<Session>>, at: Timestamp) -> StoreResult<()> {
        let mut condition = is_not_revoked(user);
        if let Some(except) = except {
            condition = condition.add(Column::Id.ne(except.as_uuid()));
        }
        let revoke = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(condition);
        self.execute(revoke).await?;
        Ok(())
    }

    async fn revoke_all_sessions(&mut self, at: Timestamp) -> StoreResult<u64> {
        let revoke = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(at))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(at));
        self.execute(revoke).await
    }

    async fn revoke_surplus_sessions(
        &mut self,
        user: Id<User>,
        live: &LiveAt,
        keep: u32,
        limit: u32,
    ) -> StoreResult<u64> {
        let surplus = most_recently_used(user, live)
            .offset(u64::from(keep))
            .limit(u64::from(limit))
            .into_query();
        let revoke = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(live.at))
            .filter(Column::Id.in_subquery(surplus));
        self.execute(revoke).await
    }

    async fn detach_ended_sessions(&mut self, user: Id<User>, at: Timestamp, limit: u32) -> StoreResult<u64> {
        let ended = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::UserId.eq(user.as_uuid()))
            .filter(Column::RevokedAt.is_not_null().or(Column::ExpiresAt.lte(at)))
            .limit(u64::from(limit));
        self.detach(Column::Id.in_subquery(ended.into_query())).await
    }

    async fn detach_sessions(&mut self, user: Id<User>, at: Timestamp) -> StoreResult<()> {
        self.revoke_sessions(user, None, at).await?;
        self.detach(Column::UserId.eq(user.as_uuid())).await?;
        Ok(())
    }

    async fn delete_expired_sessions(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        self.delete_batch(Entity::find().filter(Column::ExpiresAt.lt(before)), limit)
            .await
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
        let select = keyset(
            Entity::find().filter(condition),
            Column::Id,
            Order::Desc,
            after.map(|id| id.as_uuid()),
            rows_of_page(limit),
        );
        self.page(select, Column::Id, Id::from_uuid, |row| Ok(read_row(row)))
            .await
    }

    /// Removes the user and the device from sessions. Returns the number of sessions.
    async fn detach(&mut self, condition: Expr) -> StoreResult<u64> {
        let null = || Expr::value(Option::<String>::None);
        let detach = Entity::update_many()
            .col_expr(Column::UserId, Expr::value(Option::<Uuid>::None))
            .col_expr(Column::UserAgent, null())
            .col_expr(Column::IpAddress, null())
            .filter(condition);
        self.execute(detach).await
    }
}

/// Selects the IDs of the live sessions of a user, the most recently used first.
fn most_recently_used(user: Id<User>, live: &LiveAt) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(is_live(user, live))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
}

fn is_live(user: Id<User>, live: &LiveAt) -> Condition {
    is_not_revoked(user).add(not_ended(live))
}

/// Selects the sessions that are neither expired nor idle for too long.
fn not_ended(live: &LiveAt) -> Condition {
    Condition::all()
        .add(Column::ExpiresAt.gt(live.at))
        .add_option(live.used_after.map(|used_after| Column::LastUsedAt.gt(used_after)))
}

fn is_not_revoked(user: Id<User>) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(user.as_uuid()))
        .add(Column::RevokedAt.is_null())
}
