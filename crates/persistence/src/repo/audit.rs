//! The audit log.

use std::{cmp::Reverse, num::NonZeroU32};

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Order},
};
use uuid::Uuid;
use vestibule_domain::{
    AuditEvent, AuditFilter, AuditRepo, FailedSignIns, Id, Limit, ListEvents, StoreResult, Timestamp, User,
};

use crate::{
    SeaRepositories,
    entity::audit_event::{ActiveModel, Column, Entity},
    repo::{
        audit_row::{ListedEvent, read_event, to_row},
        query::{keyset, rows_of_page},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> AuditRepo for SeaRepositories<C> {
    async fn list_events(&self, list: &ListEvents) -> StoreResult<Vec<ListedEvent>> {
        self.newest_events(filtered(&list.filter), list.after, list.limit).await
    }

    /// Uses two statements, each of which scans an index. With one statement for both conditions PostgreSQL may scan
    /// all events.
    async fn list_events_of(
        &self,
        user: Id<User>,
        after: Option<Id<AuditEvent>>,
        limit: Limit,
    ) -> StoreResult<Vec<ListedEvent>> {
        let by_user = Entity::find().filter(Column::ActorId.eq(user.as_uuid()));
        let targeting_user = Entity::find().filter(Column::TargetId.eq(user.as_uuid()));
        let mut events = self.newest_events(by_user, after, limit).await?;
        events.extend(self.newest_events(targeting_user, after, limit).await?);
        events.sort_by_key(|event| Reverse(event.position));
        events.dedup_by_key(|event| event.position);
        events.truncate(limit.get() as usize + 1);
        Ok(events)
    }

    async fn count_events(&self, list: &ListEvents, bound: NonZeroU32) -> StoreResult<u64> {
        self.bounded_count(filtered(&list.filter).into_query(), bound).await
    }

    async fn insert_event(&mut self, event: &AuditEvent) -> StoreResult<()> {
        self.insert(vec![to_row(event)]).await
    }

    /// Inserts an event, or increments the count of the latest one if the limit is reached. Concurrent attempts may
    /// exceed the limit by their number.
    async fn insert_failed_attempt(&mut self, event: &AuditEvent, limit: &FailedSignIns) -> StoreResult<()> {
        let recent = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::FailureKey.eq(limit.key.to_vec()))
            .filter(Column::OccurredAt.gte(limit.since))
            .order_by_desc(Column::Id)
            .limit(u64::from(limit.max_events) + 1);
        let recent: Vec<Uuid> = self.scalars(recent).await?;
        match recent.first() {
            Some(latest) if recent.len() > limit.max_events as usize => {
                let increment = Entity::update_many()
                    .col_expr(Column::Count, Expr::col(Column::Count).add(1))
                    .filter(Column::Id.eq(*latest));
                self.execute(increment).await?;
                Ok(())
            }
            _ => {
                let row = ActiveModel {
                    failure_key: Set(Some(limit.key.to_vec())),
                    ..to_row(event)
                };
                self.insert(vec![row]).await
            }
        }
    }

    async fn anonymize_events(
        &mut self,
        user: Id<User>,
        after: Option<Id<AuditEvent>>,
        limit: u32,
    ) -> StoreResult<Option<Id<AuditEvent>>> {
        let by_user = Condition::all().add(Column::ActorId.eq(user.as_uuid()));
        let failed_sign_ins = Condition::all()
            .add(Column::TargetId.eq(user.as_uuid()))
            .add(Column::ActorKind.eq("anonymous"));
        let mut next: Option<Uuid> = None;
        for condition in [by_user, failed_sign_ins] {
            let ids = self.oldest_events(condition, after, limit).await?;
            if ids.len() == limit as usize {
                // The next call continues where the first of the two batches ended.
                next = next.into_iter().chain(ids.last().copied()).min();
            }
            let null = || Expr::value(Option::<String>::None);
            let anonymize = Entity::update_many()
                .col_expr(Column::IpAddress, null())
                .col_expr(Column::UserAgent, null())
                .filter(Column::Id.is_in(ids));
            self.execute(anonymize).await?;
        }
        Ok(next.map(Id::from_uuid))
    }

    async fn delete_events(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let old = Entity::find()
            .filter(Column::Id.lt(first_id_at(before)))
            .order_by_asc(Column::Id);
        self.delete_batch(old, limit).await
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    /// Returns one page of events, newest first, and one more event if there is a next page.
    async fn newest_events(
        &self,
        select: Select<Entity>,
        after: Option<Id<AuditEvent>>,
        limit: Limit,
    ) -> StoreResult<Vec<ListedEvent>> {
        let after = after.map(|id| id.as_uuid());
        let select = keyset(select, Column::Id, Order::Desc, after, rows_of_page(limit));
        self.page(select, Column::Id, Id::from_uuid, |row| Ok(read_event(row)))
            .await
    }

    async fn oldest_events(
        &self,
        condition: Condition,
        after: Option<Id<AuditEvent>>,
        limit: u32,
    ) -> StoreResult<Vec<Uuid>> {
        let select = Entity::find().select_only().column(Column::Id).filter(condition);
        let after = after.map(|id| id.as_uuid());
        self.scalars(keyset(select, Column::Id, Order::Asc, after, limit.into()))
            .await
    }
}

fn filtered(filter: &AuditFilter) -> Select<Entity> {
    let AuditFilter {
        actor,
        action,
        target,
        from,
        to,
    } = filter;
    let conditions = [
        actor.map(|actor| Column::ActorId.eq(actor.as_uuid())),
        action.map(|action| Column::Action.eq(action.name())),
        target.map(|target| Column::TargetId.eq(target)),
        from.map(|from| Column::Id.gte(first_id_at(from))),
        to.map(|to| Column::Id.lt(first_id_at(to))),
    ];
    let all = conditions.into_iter().flatten().fold(Condition::all(), Condition::add);
    Entity::find().filter(all)
}

/// Returns the lowest ID that an event of this time can have. IDs sort by time, so the primary key serves every range.
fn first_id_at(at: Timestamp) -> Uuid {
    struct Zeros;
    impl vestibule_domain::Rng for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }
    Id::<AuditEvent>::new(at, &Zeros).as_uuid()
}
