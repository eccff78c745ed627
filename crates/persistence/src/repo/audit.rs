//! The audit trail.

use std::num::NonZeroU32;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Alias, Expr, ExprTrait, Func, Query},
};
use uuid::Uuid;
use vestibule_domain::{
    Id, StoreResult, Timestamp,
    audit::{AuditEvent, AuditFilter, AuditRepo, ListEvents, Refusals},
    user::User,
};

use crate::{
    SeaRepos,
    entity::audit_event::{ActiveModel, Column, Entity},
    error::Stored,
    repo::audit_row::{event_of, row_of},
};

impl<C: ConnectionTrait + Send + Sync + 'static> AuditRepo for SeaRepos<C> {
    async fn list_events(&self, list: &ListEvents) -> StoreResult<Vec<AuditEvent>> {
        let mut select = filtered(&list.filter);
        if let Some(after) = list.after {
            select = select.filter(Column::Id.lt(after.as_uuid()));
        }
        let rows = select
            .order_by_desc(Column::Id)
            .limit(u64::from(list.limit.get()) + 1)
            .all(&self.db)
            .await
            .stored()?;
        rows.into_iter().map(event_of).collect::<Result<_, _>>().stored()
    }

    async fn count_events(&self, list: &ListEvents, bound: NonZeroU32) -> StoreResult<u64> {
        let some = filtered(&list.filter)
            .select_only()
            .expr(Expr::val(1))
            .limit(u64::from(bound.get()) + 1);
        let count = Query::select()
            .expr(Func::count(Expr::cust("*")))
            .from_subquery(sea_orm::QueryTrait::into_query(some), Alias::new("counted"))
            .take();
        let row = self.db.query_one(&count).await.stored()?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0)).stored()?;
        Ok(count.unsigned_abs())
    }

    async fn insert_event(&mut self, event: &AuditEvent) -> StoreResult<()> {
        Entity::insert(row_of(event))
            .exec_without_returning(&self.db)
            .await
            .stored()?;
        Ok(())
    }

    /// Two at once may both become events of their own where one was left: the bound is soft by as many as
    /// come at once.
    async fn insert_refusal(&mut self, event: &AuditEvent, refusals: &Refusals) -> StoreResult<()> {
        let recent: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::RefusalKey.eq(refusals.key.to_vec()))
            .filter(Column::OccurredAt.gte(refusals.since))
            .order_by_desc(Column::Id)
            .limit(u64::from(refusals.most) + 1)
            .into_tuple()
            .all(&self.db)
            .await
            .stored()?;
        match recent.first() {
            Some(last) if recent.len() > refusals.most as usize => {
                Entity::update_many()
                    .col_expr(Column::Count, Expr::col(Column::Count).add(1))
                    .filter(Column::Id.eq(*last))
                    .exec(&self.db)
                    .await
                    .stored()?;
            }
            _ => {
                let row = ActiveModel {
                    refusal_key: Set(Some(refusals.key.to_vec())),
                    ..row_of(event)
                };
                Entity::insert(row).exec_without_returning(&self.db).await.stored()?;
            }
        }
        Ok(())
    }

    async fn forget_origins(&mut self, user: Id<User>) -> StoreResult<()> {
        let nothing = || Expr::value(Option::<String>::None);
        let refused = Condition::all()
            .add(Column::TargetId.eq(user.as_uuid()))
            .add(Column::ActorKind.eq("anonymous"));
        Entity::update_many()
            .col_expr(Column::IpAddress, nothing())
            .col_expr(Column::UserAgent, nothing())
            .filter(Condition::any().add(Column::ActorId.eq(user.as_uuid())).add(refused))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(())
    }

    async fn delete_events(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let old = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Expr::col(Column::Id).lt(first_id_at(before)))
            .order_by(Column::Id, sea_orm::sea_query::Order::Asc)
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(old));
        Ok(delete.exec(&self.db).await.stored()?.rows_affected)
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
        action.map(|action| Column::Action.eq(action.as_str())),
        target.map(|target| Column::TargetId.eq(target)),
        from.map(|from| Column::Id.gte(first_id_at(from))),
        to.map(|to| Column::Id.lt(first_id_at(to))),
    ];
    let all = conditions.into_iter().flatten().fold(Condition::all(), Condition::add);
    Entity::find().filter(all)
}

/// The least identifier that an event of this time can have: identifiers are in the order of time, so the
/// key serves every span.
fn first_id_at(at: Timestamp) -> Uuid {
    struct Zeros;
    impl vestibule_domain::Entropy for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }
    Id::<AuditEvent>::mint(at, &Zeros).as_uuid()
}
