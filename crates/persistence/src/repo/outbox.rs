//! The outbox of emails.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, PaginatorTrait, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;
use vestibule_domain::{
    EmailKind, Id, Limit, Listed, ListedEmail, OutboxCounts, OutboxRepo, Priority, QueuedEmail, StoreResult, Timestamp,
    User,
};

use crate::{
    SeaRepositories,
    entity::{
        one_time_token,
        outbox::{ActiveModel, Column, Entity, Model},
    },
    error::IntoStoreResult,
    repo::readable,
};

impl<C: ConnectionTrait + Send + Sync + 'static> OutboxRepo for SeaRepositories<C> {
    async fn list_due_emails(&self, priority: Priority, at: Timestamp, limit: u32) -> StoreResult<Vec<QueuedEmail>> {
        // A range scan of the index `ix_outbox_priority_due_at` in its order, because thousands of emails may be due.
        let due = Entity::find()
            .filter(Column::Priority.eq(priority.as_number()))
            .filter(Column::DueAt.lte(at))
            .filter(Column::Kind.is_in(EmailKind::ALL.map(EmailKind::as_str)))
            .order_by_asc(Column::DueAt)
            .limit(u64::from(limit));
        let mut unreadable = Vec::new();
        // Skips unreadable emails, which would otherwise block the emails after them.
        loop {
            let select = due.clone().filter(Column::Id.is_not_in(unreadable.iter().copied()));
            let emails = self.query_emails(select).await?;
            let skipped = unreadable.len();
            unreadable.extend(
                emails
                    .iter()
                    .filter(|email| email.row.is_none())
                    .map(|email| email.position.as_uuid()),
            );
            if unreadable.len() == skipped {
                return Ok(emails.into_iter().filter_map(|email| to_queued(email.row?)).collect());
            }
        }
    }

    async fn list_emails(&self, limit: u32) -> StoreResult<Vec<ListedEmail>> {
        // Emails without an address are never sent. They exist so that requests for unknown addresses do not respond
        // faster than others.
        let select = Entity::find()
            .filter(Column::Address.is_not_null())
            .order_by_desc(Column::Id)
            .limit(u64::from(limit));
        let emails = self.query_emails(select).await?;
        Ok(emails.into_iter().filter_map(|email| email.row).collect())
    }

    async fn list_emails_of(
        &self,
        user: Id<User>,
        after: Option<Id<QueuedEmail>>,
        limit: Limit,
    ) -> StoreResult<Vec<Listed<ListedEmail, Id<QueuedEmail>>>> {
        let mut select = Entity::find()
            .filter(Column::UserId.eq(user.as_uuid()))
            .order_by_desc(Column::Id)
            .limit(u64::from(limit.get()) + 1);
        if let Some(after) = after {
            select = select.filter(Column::Id.lt(after.as_uuid()));
        }
        self.query_emails(select).await
    }

    async fn count_emails(&self) -> StoreResult<OutboxCounts> {
        let dead_letters = Entity::find().filter(Column::DueAt.is_null());
        let waiting = Entity::find().filter(Column::DueAt.is_not_null());
        Ok(OutboxCounts {
            waiting: waiting.count(&self.db).await.into_store_result()?,
            dead_letters: dead_letters.count(&self.db).await.into_store_result()?,
        })
    }

    async fn insert_email(&mut self, email: &QueuedEmail) -> StoreResult<()> {
        let QueuedEmail {
            id,
            kind,
            user,
            address,
            token,
            note,
            created_at,
            due_at,
            attempts,
            last_error,
            priority,
            failing_since,
        } = email;
        let row = ActiveModel {
            id: Set(id.as_uuid()),
            kind: Set(kind.as_str().to_owned()),
            user_id: Set(user.map(|user| user.as_uuid())),
            address: Set(address.clone()),
            token_id: Set(token.map(|token| token.as_uuid())),
            note: Set(note.clone()),
            created_at: Set(*created_at),
            due_at: Set(*due_at),
            attempts: Set(i64::from(*attempts)),
            last_error: Set(last_error.clone()),
            priority: Set(priority.as_number()),
            failing_since: Set(*failing_since),
        };
        Entity::insert(row)
            .exec_without_returning(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn claim_email(&mut self, email: &QueuedEmail, until: Timestamp) -> StoreResult<bool> {
        let claimed = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(until))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.eq(email.id.as_uuid()))
            .filter(Column::DueAt.eq(email.due_at))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(claimed.rows_affected == 1)
    }

    async fn postpone_email(
        &mut self,
        id: Id<QueuedEmail>,
        error: &str,
        due_at: Option<Timestamp>,
        failing_since: Timestamp,
    ) -> StoreResult<()> {
        Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(due_at))
            .col_expr(Column::LastError, Expr::value(error))
            .col_expr(Column::FailingSince, Expr::value(failing_since))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn return_email(&mut self, id: Id<QueuedEmail>, error: &str, due_at: Timestamp) -> StoreResult<()> {
        Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(due_at))
            .col_expr(Column::LastError, Expr::value(error))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Attempts.gt(0))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn retry_emails_now(&mut self, at: Timestamp) -> StoreResult<u64> {
        let updated = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(at))
            .col_expr(Column::FailingSince, Expr::value(None::<Timestamp>))
            .filter(Column::Attempts.gt(0).or(Column::LastError.is_not_null()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(updated.rows_affected)
    }

    async fn delete_emails_with_links(&mut self) -> StoreResult<u64> {
        let delete = Entity::delete_many().filter(Column::TokenId.is_not_null());
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected)
    }

    async fn delete_dead_letters(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let old = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::DueAt.is_null())
            .and_where(Column::FailingSince.lt(before))
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(old));
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected)
    }

    async fn delete_expired_emails(&mut self, at: Timestamp, limit: u32) -> StoreResult<u64> {
        let valid = Query::select()
            .expr(Expr::val(1))
            .from(one_time_token::Entity)
            .and_where(
                Expr::col((one_time_token::Entity, one_time_token::Column::Id)).equals((Entity, Column::TokenId)),
            )
            .and_where(one_time_token::Column::ExpiresAt.gt(at))
            .take();
        // An email that is due in the future is being sent, or was attempted recently.
        let expired = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::TokenId.is_not_null())
            .and_where(Column::DueAt.lte(at))
            .and_where(Expr::exists(valid).not())
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(expired));
        Ok(delete.exec(&self.db).await.into_store_result()?.rows_affected)
    }

    async fn delete_email(&mut self, id: Id<QueuedEmail>) -> StoreResult<()> {
        Entity::delete_by_id(id.as_uuid())
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    async fn query_emails(&self, select: Select<Entity>) -> StoreResult<Vec<Listed<ListedEmail, Id<QueuedEmail>>>> {
        let rows = self.db.query_all(&select.into_query()).await.into_store_result()?;
        rows.iter()
            .map(read_listed)
            .collect::<Result<_, _>>()
            .into_store_result()
    }
}

/// Reads a row of a page. An unreadable email is skipped; an unreadable position fails the page.
fn read_listed(row: &QueryResult) -> Result<Listed<ListedEmail, Id<QueuedEmail>>, DbErr> {
    let id: Uuid = row.try_get("", Column::Id.as_str())?;
    let model = Model::from_query_result(row, "");
    Ok(Listed {
        position: Id::from_uuid(id),
        row: readable("outbox", id, model.map(read_email)),
    })
}

/// Converts an email to one that can be sent, or returns `None` if this version does not know its kind.
fn to_queued(email: ListedEmail) -> Option<QueuedEmail> {
    let QueuedEmail {
        id,
        kind,
        user,
        address,
        token,
        note,
        created_at,
        due_at,
        attempts,
        last_error,
        priority,
        failing_since,
    } = email;
    Some(QueuedEmail {
        id,
        kind: EmailKind::from_name(&kind)?,
        user,
        address,
        token,
        note,
        created_at,
        due_at,
        attempts,
        last_error,
        priority,
        failing_since,
    })
}

fn read_email(row: Model) -> ListedEmail {
    let Model {
        id,
        kind,
        user_id,
        address,
        token_id,
        note,
        created_at,
        due_at,
        attempts,
        last_error,
        priority,
        failing_since,
    } = row;
    ListedEmail {
        id: Id::from_uuid(id),
        kind,
        user: user_id.map(Id::from_uuid),
        address,
        token: token_id.map(Id::from_uuid),
        note,
        created_at,
        due_at,
        attempts: u32::try_from(Ord::max(attempts, 0)).unwrap_or(u32::MAX),
        last_error,
        priority: Priority::from_number(priority),
        failing_since,
    }
}
