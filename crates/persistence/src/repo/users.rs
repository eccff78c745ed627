//! Users.

use std::{collections::BTreeSet, num::NonZeroU32};

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, LockType, Order, Query, SelectStatement},
};
use vestibule_domain::{
    Id, ListUsers, Listed, NormalizedEmail, Role, Status, StoreResult, Timestamp, User, UserFilter, UserOrder,
    UserPosition, UserRepo, UserRow, UserTimes, search_terms,
};

use crate::{
    SeaRepositories,
    entity::{credential, user, user_role, user_search_term},
    error::IntoStoreResult,
    repo::{
        ROWS_PER_INSERT, users_list,
        users_role_filter::RoleFilter,
        users_row::{read_user, select_users, to_row},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> UserRepo for SeaRepositories<C> {
    async fn find_user(&self, id: Id<User>) -> StoreResult<Option<User>> {
        self.find_one_user(select_user_by(user::Column::Id, id.as_uuid())).await
    }

    async fn find_user_by_email(&self, email: &NormalizedEmail) -> StoreResult<Option<User>> {
        self.find_one_user(select_user_by(user::Column::NormalizedEmail, email.as_str()))
            .await
    }

    async fn list_users(&self, list: &ListUsers) -> StoreResult<Vec<Listed<UserRow, UserPosition>>> {
        let Some(role) = self.find_role_filter(&list.filter).await? else {
            return Ok(Vec::new());
        };
        let rows = self
            .db
            .query_all(&users_list::page(list, role.as_ref()))
            .await
            .into_store_result()?;
        let read = |row| users_list::read_row(row, &list.order);
        rows.iter().map(read).collect::<Result<_, _>>().into_store_result()
    }

    async fn find_user_times(&self, id: Id<User>) -> StoreResult<UserTimes> {
        let select = Query::select()
            .column((user::Entity, user::Column::LastSignInAt))
            .column((credential::Entity, credential::Column::ChangedAt))
            .from(user::Entity)
            .left_join(
                credential::Entity,
                Expr::col((credential::Entity, credential::Column::UserId)).equals((user::Entity, user::Column::Id)),
            )
            .and_where(col(user::Column::Id).eq(id.as_uuid()))
            .take();
        let row = self.db.query_one(&select).await.into_store_result()?;
        let read = |row: &sea_orm::QueryResult| {
            Ok(UserTimes {
                last_sign_in_at: row.try_get_by_index(0)?,
                password_changed_at: row.try_get_by_index(1)?,
            })
        };
        row.as_ref().map_or(Ok(UserTimes::default()), read).into_store_result()
    }

    async fn count_users(&self, filter: &UserFilter, order: &UserOrder, bound: NonZeroU32) -> StoreResult<u64> {
        let (over_bound, list) = (u64::from(bound.get()) + 1, format!("{filter:?} {order:?}"));
        if self.shared.as_ref().is_some_and(|shared| shared.count_cache.has(&list)) {
            return Ok(over_bound);
        }
        let Some(role) = self.find_role_filter(filter).await? else {
            return Ok(0);
        };
        let row = self
            .db
            .query_one(&users_list::count(filter, order, role.as_ref(), bound))
            .await
            .into_store_result()?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0)).into_store_result()?;
        if count.unsigned_abs() == over_bound
            && let Some(shared) = &self.shared
        {
            shared.count_cache.add(list);
        }
        Ok(count.unsigned_abs())
    }

    async fn has_other_administrator(&self, id: Id<User>, must_be_verified: bool) -> StoreResult<bool> {
        let mut others = Query::select();
        others
            .expr(Expr::val(1))
            .from(user_role::Entity)
            .inner_join(
                user::Entity,
                col(user::Column::Id).equals((user_role::Entity, user_role::Column::UserId)),
            )
            .inner_join(
                credential::Entity,
                Expr::col((credential::Entity, credential::Column::UserId)).equals((user::Entity, user::Column::Id)),
            )
            .and_where(user_role::Column::RoleId.eq(Role::ADMIN_ID.as_uuid()))
            .and_where(col(user::Column::Status).eq(Status::Active.as_str()))
            .and_where(col(user::Column::Id).ne(id.as_uuid()))
            .limit(1);
        if must_be_verified {
            others.and_where(col(user::Column::EmailVerified).eq(true));
        }
        Ok(self.db.query_one(&others).await.into_store_result()?.is_some())
    }

    async fn list_non_ascii_emails(&self, after: Option<Id<User>>, limit: u32) -> StoreResult<Vec<User>> {
        let mut select = select_users();
        select
            .and_where(Expr::cust(
                r#"octet_length("users"."email") <> length("users"."email")"#,
            ))
            .order_by((user::Entity, user::Column::Id), Order::Asc)
            .limit(limit.into());
        if let Some(after) = after {
            select.and_where(col(user::Column::Id).gt(after.as_uuid()));
        }
        let rows = self.db.query_all(&select).await.into_store_result()?;
        rows.iter()
            .map(|row| read_user(row, 0))
            .collect::<Result<_, _>>()
            .into_store_result()
    }

    /// Uses two statements, because one that waits for a lock would still see the roles as they were before.
    async fn lock_user(&mut self, id: Id<User>) -> StoreResult<Option<User>> {
        let lock = Query::select()
            .column(user::Column::Id)
            .from(user::Entity)
            .and_where(user::Column::Id.eq(id.as_uuid()))
            .lock(LockType::NoKeyUpdate)
            .take();
        self.db.query_one(&lock).await.into_store_result()?;
        self.find_user(id).await
    }

    async fn insert_users(&mut self, users: &[User]) -> StoreResult<()> {
        for users in users.chunks(ROWS_PER_INSERT) {
            let rows = users.iter().map(to_row);
            user::Entity::insert_many(rows)
                .exec_without_returning(&self.db)
                .await
                .into_store_result()?;
            let terms: Vec<_> = users
                .iter()
                .flat_map(|user| search_terms_of(user).into_iter().map(term_row(user.id)))
                .collect();
            self.insert_terms(terms).await?;
        }
        Ok(())
    }

    async fn update_user(&mut self, user: &User) -> StoreResult<()> {
        // The stored number is only a part of the version; the name versions of the roles are added to it.
        let row = user::ActiveModel {
            id: NotSet,
            version: NotSet,
            ..to_row(user)
        };
        user::Entity::update_many()
            .set(row)
            .col_expr(user::Column::Version, Expr::col(user::Column::Version).add(1))
            .filter(user::Column::Id.eq(user.id.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        self.replace_terms(user).await
    }

    async fn record_sign_in(&mut self, id: Id<User>, at: Timestamp) -> StoreResult<()> {
        user::Entity::update_many()
            .col_expr(user::Column::LastSignInAt, Expr::value(at))
            .filter(user::Column::Id.eq(id.as_uuid()))
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }

    async fn delete_user(&mut self, id: Id<User>) -> StoreResult<()> {
        user::Entity::delete_by_id(id.as_uuid())
            .exec(&self.db)
            .await
            .into_store_result()?;
        Ok(())
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    async fn find_one_user(&self, select: SelectStatement) -> StoreResult<Option<User>> {
        let row = self.db.query_one(&select).await.into_store_result()?;
        row.map(|row| read_user(&row, 0)).transpose().into_store_result()
    }

    /// Looks up the role of a filter. Returns `None` if the role does not exist, so that no user matches, and
    /// `Some(None)` if the filter has no role.
    async fn find_role_filter(&self, filter: &UserFilter) -> StoreResult<Option<Option<RoleFilter>>> {
        match &filter.role {
            Some(name) => Ok(RoleFilter::find(&self.db, name).await.into_store_result()?.map(Some)),
            None => Ok(Some(None)),
        }
    }

    async fn insert_terms(&mut self, terms: Vec<user_search_term::ActiveModel>) -> StoreResult<()> {
        for terms in terms.chunks(ROWS_PER_INSERT) {
            let rows = terms.iter().cloned();
            user_search_term::Entity::insert_many(rows)
                .exec_without_returning(&self.db)
                .await
                .into_store_result()?;
        }
        Ok(())
    }

    async fn replace_terms(&mut self, user: &User) -> StoreResult<()> {
        let belongs_to_user = user_search_term::Column::UserId.eq(user.id.as_uuid());
        let stored = user_search_term::Entity::find()
            .filter(belongs_to_user.clone())
            .all(&self.db)
            .await
            .into_store_result()?;
        let stored: BTreeSet<String> = stored.into_iter().map(|row| row.term).collect();
        let terms = search_terms_of(user);
        if stored == terms {
            return Ok(());
        }
        user_search_term::Entity::delete_many()
            .filter(belongs_to_user)
            .exec(&self.db)
            .await
            .into_store_result()?;
        self.insert_terms(terms.into_iter().map(term_row(user.id)).collect())
            .await
    }
}

fn col(column: user::Column) -> Expr {
    Expr::col((user::Entity, column))
}

fn select_user_by(column: user::Column, value: impl Into<Expr>) -> SelectStatement {
    select_users().and_where(col(column).eq(value)).take()
}

fn search_terms_of(user: &User) -> BTreeSet<String> {
    search_terms(&user.email, user.display_name.as_ref())
}

fn term_row(user: Id<User>) -> impl Fn(String) -> user_search_term::ActiveModel {
    move |term| user_search_term::ActiveModel {
        term: Set(term),
        user_id: Set(user.as_uuid()),
    }
}
