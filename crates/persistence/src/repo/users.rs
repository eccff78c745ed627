//! Users.

use std::{collections::BTreeSet, num::NonZeroU32};

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, DerivePartialModel, EntityName, EntityTrait, FromQueryResult,
    JoinType, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, SelectStatement},
};
use uuid::Uuid;
use vestibule_domain::{
    Id, ListUsers, Listed, NormalizedEmail, Role, Status, StoreResult, Timestamp, User, UserFilter, UserOrder,
    UserPosition, UserRepo, UserRow, UserTimes, search_terms,
};

use crate::{
    SeaRepositories,
    batch_loader::Lookup,
    entity::{credential, passkey, user, user_role, user_search_term},
    error::{IntoStoreResult, store_error},
    repo::{
        row_query::RowQuery,
        users_count::{self, MatchCount},
        users_list,
        users_role_filter::RoleFilter,
        users_row::{JOIN_ROLES, UserLookup, fetch_users, to_row},
    },
};

impl<C: ConnectionTrait + Send + Sync + 'static> UserRepo for SeaRepositories<C> {
    async fn find_user(&self, id: Id<User>) -> StoreResult<Option<User>> {
        match &self.shared {
            Some(shared) => shared.users.load(id).await,
            None => UserLookup::load_one(&self.db, id).await,
        }
    }

    async fn find_user_by_email(&self, email: &NormalizedEmail) -> StoreResult<Option<User>> {
        let mut query = RowQuery::default();
        let email = query.bind(email.as_str());
        query.from = format!("FROM users {JOIN_ROLES} WHERE users.normalized_email = {email}");
        Ok(self.fetch_users(query).await?.pop())
    }

    async fn list_users(&self, list: &ListUsers) -> StoreResult<Vec<Listed<UserRow, UserPosition>>> {
        let Some(role) = self.find_role_filter(&list.filter).await? else {
            return Ok(Vec::new());
        };
        let page = users_list::page(list, role.as_ref());
        let rows = page
            .fetch_all(&self.db, &users_list::COLUMNS)
            .await
            .into_store_result()?;
        users_list::read_rows(rows).into_store_result()
    }

    async fn find_user_times(&self, id: Id<User>) -> StoreResult<UserTimes> {
        let credential = user::Entity::belongs_to(credential::Entity)
            .from(user::Column::Id)
            .to(credential::Column::UserId)
            .into();
        let select = user::Entity::find_by_id(id.as_uuid()).join(JoinType::LeftJoin, credential);
        let times: Option<StoredTimes> = self.fetch_optional(select).await?;
        Ok(times.map(UserTimes::from).unwrap_or_default())
    }

    async fn count_users(&self, filter: &UserFilter, order: &UserOrder, bound: NonZeroU32) -> StoreResult<u64> {
        let (over_bound, list) = (u64::from(bound.get()) + 1, format!("{filter:?} {order:?}"));
        if self.shared.as_ref().is_some_and(|shared| shared.count_cache.has(&list)) {
            return Ok(over_bound);
        }
        let Some(role) = self.find_role_filter(filter).await? else {
            return Ok(0);
        };
        let count = self.count_listed(filter, order, role.as_ref(), bound).await;
        let count = count.into_store_result()?;
        if count == over_bound
            && let Some(shared) = &self.shared
        {
            shared.count_cache.add(list);
        }
        Ok(count)
    }

    async fn has_other_administrator(&self, id: Id<User>, must_be_verified: bool) -> StoreResult<bool> {
        let others = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .filter(user::Column::Id.in_subquery(administrators()))
            .filter(can_sign_in())
            .filter(user::Column::Status.eq(Status::Active.as_str()))
            .filter(user::Column::Id.ne(id.as_uuid()))
            .apply_if(must_be_verified.then_some(true), |others, verified| {
                others.filter(user::Column::EmailVerified.eq(verified))
            })
            .limit(1);
        Ok(self.scalar::<Uuid>(others).await?.is_some())
    }

    async fn check_user_deletable(&self, id: Id<User>) -> StoreResult<()> {
        self.check_deletable(user::Entity.table_name(), id.as_uuid()).await
    }

    async fn list_non_ascii_emails(&self, after: Option<Id<User>>, limit: u32) -> StoreResult<Vec<User>> {
        let mut query = RowQuery::default();
        let after = after.map(|after| format!("AND users.id > {}", query.bind(after.as_uuid())));
        let limit = query.bind(i64::from(limit));
        query.from = format!(
            "FROM (SELECT * FROM users WHERE octet_length(users.email) <> length(users.email) {} ORDER BY users.id \
             LIMIT {limit}) AS users {JOIN_ROLES} ORDER BY users.id",
            after.unwrap_or_default()
        );
        self.fetch_users(query).await
    }

    /// Uses two statements, because one that waits for a lock would still see the roles as they were before.
    async fn lock_user(&mut self, id: Id<User>) -> StoreResult<Option<User>> {
        self.lock(user::Entity::find_by_id(id.as_uuid()), LockType::NoKeyUpdate)
            .await?;
        self.find_user(id).await
    }

    async fn retain_user(&mut self, id: Id<User>) -> StoreResult<bool> {
        self.retain(user::Entity::find_by_id(id.as_uuid())).await
    }

    async fn insert_users(&mut self, users: &[User]) -> StoreResult<()> {
        self.insert(users.iter().map(to_row).collect()).await?;
        self.insert(users.iter().flat_map(term_rows).collect()).await
    }

    async fn update_user(&mut self, user: &User) -> StoreResult<()> {
        // The stored number is only a part of the version; the name versions of the roles are added to it.
        let row = user::ActiveModel {
            id: NotSet,
            version: NotSet,
            ..to_row(user)
        };
        let update = user::Entity::update_many()
            .set(row)
            .col_expr(user::Column::Version, Expr::col(user::Column::Version).add(1))
            .filter(user::Column::Id.eq(user.id.as_uuid()));
        self.execute(update).await?;
        self.replace_terms(user).await
    }

    async fn record_sign_in(&mut self, id: Id<User>, at: Timestamp) -> StoreResult<()> {
        let update = user::Entity::update_many()
            .col_expr(user::Column::LastSignInAt, Expr::value(at))
            .filter(user::Column::Id.eq(id.as_uuid()));
        self.execute(update).await?;
        Ok(())
    }

    async fn delete_user(&mut self, id: Id<User>) -> StoreResult<()> {
        self.execute(user::Entity::delete_by_id(id.as_uuid())).await?;
        Ok(())
    }
}

impl<C: ConnectionTrait + Send + Sync + 'static> SeaRepositories<C> {
    async fn fetch_users(&self, query: RowQuery) -> StoreResult<Vec<User>> {
        let users = fetch_users(&self.db, query).await?;
        let users = users.into_iter().map(|user| user.map_err(|row| store_error(row.error)));
        users.collect()
    }

    /// Looks up the role of a filter. Returns `None` if the role does not exist, so that no user matches, and
    /// `Some(None)` if the filter has no role.
    async fn find_role_filter(&self, filter: &UserFilter) -> StoreResult<Option<Option<RoleFilter>>> {
        match &filter.role {
            Some(name) => Ok(RoleFilter::find(&self.db, name).await.into_store_result()?.map(Some)),
            None => Ok(Some(None)),
        }
    }

    async fn count_listed(
        &self,
        filter: &UserFilter,
        order: &UserOrder,
        role: Option<&RoleFilter>,
        bound: NonZeroU32,
    ) -> Result<u64, DbErr> {
        if matches!(order, UserOrder::Matching(_)) {
            let count = MatchCount::query(filter, order, role, bound);
            let count = count.into_statement(self.db.get_database_backend(), MatchCount::SELECT_LIST);
            let count = MatchCount::find_by_statement(count).one(&self.db).await?;
            if let Some(users) = count.and_then(|count| count.users(bound)) {
                return Ok(users);
            }
        }
        users_count::count(filter, order, role, bound).count(&self.db).await
    }

    async fn replace_terms(&mut self, user: &User) -> StoreResult<()> {
        let belongs_to_user = user_search_term::Column::UserId.eq(user.id.as_uuid());
        let stored = user_search_term::Entity::find().filter(belongs_to_user.clone());
        let stored: Vec<user_search_term::Model> = self.fetch_all(stored).await?;
        let stored: BTreeSet<String> = stored.into_iter().map(|row| row.term).collect();
        if stored == search_terms_of(user) {
            return Ok(());
        }
        self.execute(user_search_term::Entity::delete_many().filter(belongs_to_user))
            .await?;
        self.insert(term_rows(user)).await
    }
}

/// The times of a user that are stored separately.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "user::Entity")]
struct StoredTimes {
    last_sign_in_at: Option<Timestamp>,
    #[sea_orm(from_expr = "Expr::col((credential::Entity, credential::Column::ChangedAt))")]
    password_changed_at: Option<Timestamp>,
}

impl From<StoredTimes> for UserTimes {
    fn from(stored: StoredTimes) -> Self {
        Self {
            last_sign_in_at: stored.last_sign_in_at,
            password_changed_at: stored.password_changed_at,
        }
    }
}

fn administrators() -> SelectStatement {
    user_role::Entity::find()
        .select_only()
        .column(user_role::Column::UserId)
        .filter(user_role::Column::RoleId.eq(Role::ADMIN_ID.as_uuid()))
        .into_query()
}

/// Selects the users with a password, or with a passkey that suffices alone.
fn can_sign_in() -> Condition {
    let with_password = credential::Entity::find()
        .select_only()
        .column(credential::Column::UserId)
        .into_query();
    let with_passkey = passkey::Entity::find()
        .select_only()
        .column(passkey::Column::UserId)
        .filter(passkey::Column::UserVerified.eq(true))
        .into_query();
    Condition::any()
        .add(user::Column::Id.in_subquery(with_password))
        .add(user::Column::Id.in_subquery(with_passkey))
}

fn search_terms_of(user: &User) -> BTreeSet<String> {
    search_terms(&user.email, user.display_name.as_ref())
}

fn term_rows(user: &User) -> Vec<user_search_term::ActiveModel> {
    let row = |term| user_search_term::ActiveModel {
        term: Set(term),
        user_id: Set(user.id.as_uuid()),
    };
    search_terms_of(user).into_iter().map(row).collect()
}
