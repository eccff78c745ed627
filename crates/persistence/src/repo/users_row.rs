//! Rows of the `users` table, joined with the names of the user's roles: one row for each role.

use std::sync::LazyLock;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, FromQueryResult,
};
use serde::Deserialize;
use uuid::Uuid;
use vestibule_domain::{DisplayName, EmailAddress, Id, RoleName, Status, StoreResult, Timestamp, User};

use crate::{
    batch_loader::{Batch, Lookup},
    entity::user::ActiveModel,
    error::{IntoStoreResult, store_error},
    repo::{
        read_version,
        row_query::{Column, Columns, RowQuery, Unreadable, boolean},
    },
};

/// A user as stored, with one of the user's roles.
#[derive(Debug, FromQueryResult, Deserialize)]
pub(super) struct StoredUser {
    pub(super) id: Uuid,
    email: String,
    normalized_email: String,
    display_name: Option<String>,
    status: String,
    #[serde(deserialize_with = "boolean")]
    email_verified: bool,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    pub(super) role_name: Option<String>,
    role_name_version: Option<i64>,
}

/// The columns of [`StoredUser`], in the order of its fields.
pub(super) const USER_COLUMNS: &[Column] = &[
    Column::Uuid("id", "users.id"),
    Column::Value("email", "users.email"),
    Column::Value("normalized_email", "users.normalized_email"),
    Column::Value("display_name", "users.display_name"),
    Column::Value("status", "users.status"),
    Column::Value("email_verified", "users.email_verified"),
    Column::Value("version", "users.version"),
    Column::Value("created_at", "users.created_at"),
    Column::Value("updated_at", "users.updated_at"),
    Column::Value("role_name", "CASE WHEN roles.deleted_at IS NULL THEN roles.name END"),
    Column::Value("role_name_version", "roles.name_version"),
];

static COLUMNS: LazyLock<Columns> = LazyLock::new(|| Columns::new(USER_COLUMNS));

/// Joins the roles of the users in `users`.
pub(super) const JOIN_ROLES: &str =
    "LEFT JOIN user_roles ON user_roles.user_id = users.id LEFT JOIN roles ON roles.id = user_roles.role_id";

impl StoredUser {
    /// Adds the role of this row to the user of a previous row.
    pub(super) fn add_role_to(self, user: &mut User) {
        // The version of a user includes the versions of the names of the user's roles.
        let name_version = self.role_name_version.unwrap_or_default();
        user.version = read_version(i64::from(user.version.get()).saturating_add(name_version));
        if let Some(name) = self.role_name.map(RoleName::new_unchecked) {
            let index = user.roles.partition_point(|other| *other < name);
            user.roles.insert(index, name);
        }
    }
}

impl From<StoredUser> for User {
    fn from(stored: StoredUser) -> Self {
        let StoredUser {
            id,
            email,
            normalized_email,
            display_name,
            status,
            email_verified,
            version,
            created_at,
            updated_at,
            role_name,
            role_name_version,
        } = stored;
        Self {
            id: Id::from_uuid(id),
            email: EmailAddress::new_unchecked(email, normalized_email),
            display_name: display_name.map(DisplayName::new_unchecked),
            status: Status::new_unchecked(status),
            email_verified,
            version: read_version(version.saturating_add(role_name_version.unwrap_or_default())),
            roles: role_name.map(RoleName::new_unchecked).into_iter().collect(),
            created_at,
            updated_at,
        }
    }
}

/// Runs a query for users, without its columns: the text from `FROM` on. The rows of each user follow each other.
pub(super) async fn fetch_users(
    db: &impl ConnectionTrait,
    query: RowQuery,
) -> StoreResult<Vec<Result<User, Box<Unreadable>>>> {
    let mut users: Vec<Result<User, Box<Unreadable>>> = Vec::new();
    for row in query.fetch_all::<StoredUser>(db, &COLUMNS).await.into_store_result()? {
        match (row, users.last_mut()) {
            (Ok(stored), Some(Ok(user))) if stored.id == user.id.as_uuid() => stored.add_role_to(user),
            (row, _) => users.push(row.map(User::from)),
        }
    }
    Ok(users)
}

/// The lookup of users by their identifiers.
pub(crate) struct UserLookup;

impl Lookup for UserLookup {
    type Resource = User;
    type Found = User;

    async fn load(db: &impl ConnectionTrait, ids: &[Id<User>]) -> StoreResult<Batch<Self>> {
        let mut query = RowQuery::default();
        let ids = query.bind_ids(ids);
        query.from = format!("FROM users {JOIN_ROLES} WHERE users.id IN ({ids}) ORDER BY users.id");
        let read = |user: Result<User, Box<Unreadable>>| match user {
            Ok(user) => Ok((user.id, Ok(user))),
            Err(unreadable) => {
                let Unreadable { row, error } = *unreadable;
                Ok((Id::from_uuid(row.try_get("", "id")?), Err(store_error(error))))
            }
        };
        let users = fetch_users(db, query).await?;
        users
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .into_store_result()
    }
}

/// Converts a user to a row, without the time of the last sign-in and the existence of a second factor, which are written
/// separately.
pub(super) fn to_row(user: &User) -> ActiveModel {
    let User {
        id,
        email,
        display_name,
        status,
        email_verified,
        roles: _,
        version,
        created_at,
        updated_at,
    } = user;
    ActiveModel {
        id: Set(id.as_uuid()),
        email: Set(email.as_str().to_owned()),
        normalized_email: Set(email.normalized().as_str().to_owned()),
        display_name: Set(display_name.as_ref().map(DisplayName::as_str).map(str::to_owned)),
        status: Set(status.as_str().to_owned()),
        email_verified: Set(*email_verified),
        version: Set(version.get().into()),
        created_at: Set(*created_at),
        updated_at: Set(*updated_at),
        last_sign_in_at: NotSet,
        has_second_factor: NotSet,
    }
}
