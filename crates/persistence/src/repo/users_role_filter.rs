//! The filter of users by role.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr,
    sea_query::{Alias, Expr, ExprTrait, Func, Query, SimpleExpr},
};
use uuid::Uuid;
use vestibule_domain::RoleName;

use crate::entity::{role, user_role};

/// The minimum number of users of a role that has many.
const MANY_USERS: u64 = 10_000;

/// A role whose users are to be found.
///
/// Statements contain the role as a literal. The fastest plan depends on how many users have the role, and the planner
/// of PostgreSQL can estimate that for a literal but not for a parameter.
pub(super) struct RoleFilter {
    literal: String,
    pub(super) has_many_users: bool,
}

impl RoleFilter {
    /// Finds a role by its name.
    pub(super) async fn find(db: &impl ConnectionTrait, name: &RoleName) -> Result<Option<Self>, DbErr> {
        let select = Query::select()
            .column(role::Column::Id)
            .from(role::Entity)
            .and_where(Expr::col(role::Column::Name).eq(name.as_str()))
            .take();
        let Some(row) = db.query_one(&select).await? else {
            return Ok(None);
        };
        let id: Uuid = row.try_get_by_index(0)?;
        let literal = match db.get_database_backend() {
            DbBackend::Postgres => format!("'{id}'::uuid"),
            _ => format!("x'{}'", id.simple()),
        };
        let role = Self {
            literal,
            has_many_users: false,
        };
        let has_many_users = role.query_has_many_users(db).await?;
        Ok(Some(Self { has_many_users, ..role }))
    }

    async fn query_has_many_users(&self, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        let bounded = Query::select()
            .expr(Expr::val(1))
            .from(user_role::Entity)
            .and_where(self.is(Expr::col(user_role::Column::RoleId)))
            .limit(MANY_USERS)
            .take();
        let count = Query::select()
            .expr(Func::count(Expr::cust("*")))
            .from_subquery(bounded, Alias::new("counted"))
            .take();
        let count: i64 = db
            .query_one(&count)
            .await?
            .map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(count.unsigned_abs() >= MANY_USERS)
    }

    /// Matches if the ID in this column is the role's.
    pub(super) fn is(&self, column: Expr) -> SimpleExpr {
        column.eq(Expr::cust(self.literal.clone()))
    }

    /// Matches if the user whose ID is in this column has the role. Neither planner turns this scalar subquery into a
    /// join, so it is evaluated for each user.
    pub(super) fn has_user(&self, user_id: Expr) -> SimpleExpr {
        let user_role = Query::select()
            .expr(Expr::val(1))
            .from(user_role::Entity)
            .and_where(Expr::col((user_role::Entity, user_role::Column::UserId)).eq(user_id))
            .and_where(self.is(Expr::col((user_role::Entity, user_role::Column::RoleId))))
            .take();
        SimpleExpr::SubQuery(None, Box::new(user_role.into())).eq(1)
    }
}
