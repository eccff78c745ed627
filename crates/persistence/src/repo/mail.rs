//! The outbox.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use vestibule_domain::{
    Id, StoreResult, Timestamp,
    mail::{Mail, MailCount, MailKind, MailRepo, Priority},
    user::User,
};

use crate::{
    SeaRepos,
    entity::{
        mail::{ActiveModel, Column, Entity, Model},
        one_time_token,
    },
    error::Stored,
    repo::corrupt,
};

impl<C: ConnectionTrait + Send + Sync + 'static> MailRepo for SeaRepos<C> {
    async fn list_due_mails(&self, priority: Priority, at: Timestamp, limit: u32) -> StoreResult<Vec<Mail>> {
        // One range of the index `ix_mails_priority_due_at`, in its order: thousands may be due.
        let due = Entity::find()
            .filter(Column::Priority.eq(priority.as_number()))
            .filter(Column::DueAt.lte(at))
            .order_by_asc(Column::DueAt)
            .limit(u64::from(limit));
        mails_of(due.all(&self.db).await.stored()?).stored()
    }

    async fn list_mails(&self, limit: u32) -> StoreResult<Vec<Mail>> {
        // Those for nobody are there for their time only.
        let mails = Entity::find()
            .filter(Column::Address.is_not_null())
            .order_by_desc(Column::Id)
            .limit(u64::from(limit));
        mails_of(mails.all(&self.db).await.stored()?).stored()
    }

    async fn list_mails_of(&self, user: Id<User>) -> StoreResult<Vec<Mail>> {
        let mails = Entity::find()
            .filter(Column::UserId.eq(user.as_uuid()))
            .order_by_desc(Column::Id);
        mails_of(mails.all(&self.db).await.stored()?).stored()
    }

    async fn count_mails(&self) -> StoreResult<MailCount> {
        let parked = Entity::find().filter(Column::DueAt.is_null());
        let waiting = Entity::find().filter(Column::DueAt.is_not_null());
        Ok(MailCount {
            waiting: waiting.count(&self.db).await.stored()?,
            parked: parked.count(&self.db).await.stored()?,
        })
    }

    async fn insert_mail(&mut self, mail: &Mail) -> StoreResult<()> {
        let Mail {
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
        } = mail;
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
        Entity::insert(row).exec_without_returning(&self.db).await.stored()?;
        Ok(())
    }

    async fn claim_mail(&mut self, mail: &Mail, until: Timestamp) -> StoreResult<bool> {
        let claimed = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(until))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .filter(Column::Id.eq(mail.id.as_uuid()))
            .filter(Column::DueAt.eq(mail.due_at))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(claimed.rows_affected == 1)
    }

    async fn postpone_mail(
        &mut self,
        id: Id<Mail>,
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
            .stored()?;
        Ok(())
    }

    async fn return_mail(&mut self, id: Id<Mail>, error: &str, due_at: Timestamp) -> StoreResult<()> {
        Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(due_at))
            .col_expr(Column::LastError, Expr::value(error))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::Attempts.gt(0))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(())
    }

    async fn hasten_mails(&mut self, at: Timestamp) -> StoreResult<u64> {
        let hastened = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(at))
            .col_expr(Column::FailingSince, Expr::value(None::<Timestamp>))
            .filter(Column::Attempts.gt(0).or(Column::LastError.is_not_null()))
            .exec(&self.db)
            .await
            .stored()?;
        Ok(hastened.rows_affected)
    }

    async fn delete_mails_with_links(&mut self) -> StoreResult<u64> {
        let delete = Entity::delete_many().filter(Column::TokenId.is_not_null());
        Ok(delete.exec(&self.db).await.stored()?.rows_affected)
    }

    async fn delete_parked_mails(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64> {
        let old = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::DueAt.is_null())
            .and_where(Column::FailingSince.lt(before))
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(old));
        Ok(delete.exec(&self.db).await.stored()?.rows_affected)
    }

    async fn delete_expired_mails(&mut self, at: Timestamp, limit: u32) -> StoreResult<u64> {
        let valid = Query::select()
            .expr(Expr::val(1))
            .from(one_time_token::Entity)
            .and_where(
                Expr::col((one_time_token::Entity, one_time_token::Column::Id)).equals((Entity, Column::TokenId)),
            )
            .and_where(one_time_token::Column::ExpiresAt.gt(at))
            .take();
        // A mail that is due later than now is being sent, or was tried a moment ago.
        let expired = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::TokenId.is_not_null())
            .and_where(Column::DueAt.lte(at))
            .and_where(Expr::exists(valid).not())
            .limit(limit.into())
            .take();
        let delete = Entity::delete_many().filter(Column::Id.in_subquery(expired));
        Ok(delete.exec(&self.db).await.stored()?.rows_affected)
    }

    async fn delete_mail(&mut self, id: Id<Mail>) -> StoreResult<()> {
        Entity::delete_by_id(id.as_uuid()).exec(&self.db).await.stored()?;
        Ok(())
    }
}

fn mails_of(rows: Vec<Model>) -> Result<Vec<Mail>, DbErr> {
    rows.into_iter().map(mail_of).collect()
}

fn mail_of(row: Model) -> Result<Mail, DbErr> {
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
    Ok(Mail {
        id: Id::from_uuid(id),
        kind: MailKind::from_name(&kind).ok_or_else(|| corrupt("kind of a mail"))?,
        user: user_id.map(Id::from_uuid),
        address,
        token: token_id.map(Id::from_uuid),
        note,
        created_at,
        due_at,
        attempts: u32::try_from(attempts).map_err(|_| corrupt("number of tries"))?,
        last_error,
        priority: Priority::from_number(priority),
        failing_since,
    })
}
