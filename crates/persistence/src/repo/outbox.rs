//! The outbox of emails.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Order, Query},
};
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
    repo::query::{keyset, rows_of_page},
};

impl<C: ConnectionTrait + Send + Sync + 'static> OutboxRepo for SeaRepositories<C> {
    async fn list_due_emails(&self, priority: Priority, at: Timestamp, limit: u32) -> StoreResult<Vec<QueuedEmail>> {
        // A range scan of the index `ix_outbox_priority_due_at` in its order, because thousands of emails may be due.
        let due = Entity::find()
            .filter(Column::Priority.eq(priority.as_number()))
            .filter(Column::DueAt.lte(at))
            .filter(Column::Kind.is_in(EmailKind::ALL.iter().map(|kind| kind.as_str())))
            .order_by_asc(Column::DueAt)
            .limit(u64::from(limit));
        let mut unreadable = Vec::new();
        // Skips unreadable emails, which would otherwise block the emails after them.
        loop {
            let select = due.clone().filter(Column::Id.is_not_in(unreadable.iter().copied()));
            let emails = self.fetch_emails(select).await?;
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
        let emails = self.fetch_emails(select).await?;
        Ok(emails.into_iter().filter_map(|email| email.row).collect())
    }

    async fn list_emails_of(
        &self,
        user: Id<User>,
        after: Option<Id<QueuedEmail>>,
        limit: Limit,
    ) -> StoreResult<Vec<Listed<ListedEmail, Id<QueuedEmail>>>> {
        let select = keyset(
            Entity::find().filter(Column::UserId.eq(user.as_uuid())),
            Column::Id,
            Order::Desc,
            after.map(|id| id.as_uuid()),
            rows_of_page(limit),
        );
        self.fetch_emails(select).await
    }

    async fn count_emails(&self) -> StoreResult<OutboxCounts> {
        let dead_letters = Entity::find().filter(Column::DueAt.is_null());
        let waiting = Entity::find().filter(Column::DueAt.is_not_null());
        Ok(OutboxCounts {
            waiting: self.count(waiting).await?,
            dead_letters: self.count(dead_letters).await?,
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
        self.insert(vec![row]).await
    }

    async fn claim_email(&mut self, email: &QueuedEmail, until: Timestamp) -> StoreResult<bool> {
        let claim = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(until))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.eq(email.id.as_uuid()))
            .filter(Column::DueAt.eq(email.due_at));
        Ok(self.execute(claim).await? == 1)
    }

    async fn postpone_email(
        &mut self,
        id: Id<QueuedEmail>,
        error: &str,
        due_at: Option<Timestamp>,
        failing_since: Timestamp,
    ) -> StoreResult<()> {
        let postpone = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(due_at))
            .col_expr(Column::LastError, Expr::value(error))
            .col_expr(Column::FailingSince, Expr::value(failing_since))
            .filter(Column::Id.eq(id.as_uuid()));
        self.execute(postpone).await?;
        Ok(())
    }

    async fn return_email(&mut self, id: Id<QueuedEmail>, error: &str, due_at: Timestamp) -> StoreResult<()> {
        let release = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(due_at))
            .col_expr(Column::LastError, Expr::value(error))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Attempts.gt(0));
        self.execute(release).await?;
        Ok(())
    }

    async fn retry_emails_now(&mut self, at: Timestamp) -> StoreResult<u64> {
        let retry = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(at))
            .col_expr(Column::FailingSince, Expr::value(None::<Timestamp>))
            .filter(Column::Attempts.gt(0).or(Column::LastError.is_not_null()));
        self.execute(retry).await
    }

    async fn delete_emails_with_links(&mut self) -> StoreResult<u64> {
        self.execute(Entity::delete_many().filter(Column::TokenId.is_not_null()))
            .await
    }

    async fn delete_dead_letters(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let old = Entity::find()
            .filter(Column::DueAt.is_null())
            .filter(Column::FailingSince.lt(before));
        self.delete_batch(old, limit).await
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
        let expired = Entity::find()
            .filter(Column::TokenId.is_not_null())
            .filter(Column::DueAt.lte(at))
            .filter(Expr::exists(valid).not());
        self.delete_batch(expired, limit).await
    }

    async fn delete_email(&mut self, id: Id<QueuedEmail>) -> StoreResult<()> {
        self.execute(Entity::delete_by_id(id.as_uuid())).await?;
        Ok(())
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    async fn fetch_emails(&self, select: Select<Entity>) -> StoreResult<Vec<Listed<ListedEmail, Id<QueuedEmail>>>> {
        self.page(select, Column::Id, Id::from_uuid, |row| Ok(read_email(row)))
            .await
    }
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
