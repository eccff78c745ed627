//! The filter of users by role.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use uuid::Uuid;
use vestibule_domain::RoleName;

/// The minimum number of users of a role that has many.
const MANY_USERS: u32 = 10_000;

/// A role whose users are to be found.
///
/// Queries contain the role as a literal. The fastest plan depends on how many users have the role, and the planner of
/// PostgreSQL can estimate that for a literal but not for a parameter.
pub(super) struct RoleFilter {
    literal: String,
    pub(super) has_many_users: bool,
}

#[derive(FromQueryResult)]
struct RoleSize {
    id: Uuid,
    /// The number of users, counted up to [`MANY_USERS`].
    users: i64,
}

impl RoleFilter {
    /// Finds a role by its name.
    pub(super) async fn find(db: &impl ConnectionTrait, name: &RoleName) -> Result<Option<Self>, DbErr> {
        let backend = db.get_database_backend();
        let text = format!(
            "SELECT id, (SELECT count(*) FROM (SELECT 1 FROM user_roles WHERE role_id = roles.id LIMIT {MANY_USERS}) \
             AS counted) AS users FROM roles WHERE name = $1"
        );
        let select = Statement::from_sql_and_values(backend, text, [name.as_str().into()]);
        let Some(role) = RoleSize::find_by_statement(select).one(db).await? else {
            return Ok(None);
        };
        let literal = match backend {
            DbBackend::Postgres => format!("'{}'::uuid", role.id),
            _ => format!("x'{}'", role.id.simple()),
        };
        Ok(Some(Self {
            literal,
            has_many_users: role.users.unsigned_abs() >= u64::from(MANY_USERS),
        }))
    }

    /// Returns the condition that the ID in a column is the role's.
    pub(super) fn is(&self, column: &str) -> String {
        format!("{column} = {}", self.literal)
    }

    /// Returns the condition that the user whose ID is in a column has the role. Neither planner turns this scalar
    /// subquery into a join, so it is evaluated for each user.
    pub(super) fn has_user(&self, user_id: &str) -> String {
        let is_role = self.is("user_roles.role_id");
        format!("(SELECT 1 FROM user_roles WHERE user_roles.user_id = {user_id} AND {is_role}) = 1")
    }
}
