//! A role as the filter of a list.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr,
    sea_query::{Alias, Expr, ExprTrait, Func, Query, SimpleExpr},
};
use uuid::Uuid;
use vestibule_domain::RoleName;

use crate::entity::{role, user_role};

/// From here on a role counts as common.
const MANY: u64 = 10_000;

/// A role, and what a statement needs to know of it to find its users quickly.
///
/// The role stands in statements as a literal: which way is the quick one depends on how many users it
/// has, and the planner of PostgreSQL knows that of a literal but not of a parameter.
pub(super) struct Membership {
    literal: String,
    /// Whether many users have it.
    pub(super) is_common: bool,
}

impl Membership {
    /// Looks a role up; `None` when there is none with this name.
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
            is_common: false,
        };
        let is_common = role.has_many_users(db).await?;
        Ok(Some(Self { is_common, ..role }))
    }

    async fn has_many_users(&self, db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        let some = Query::select()
            .expr(Expr::val(1))
            .from(user_role::Entity)
            .and_where(self.is(Expr::col(user_role::Column::RoleId)))
            .limit(MANY)
            .take();
        let count = Query::select()
            .expr(Func::count(Expr::cust("*")))
            .from_subquery(some, Alias::new("some"))
            .take();
        let count: i64 = db
            .query_one(&count)
            .await?
            .map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(count.unsigned_abs() >= MANY)
    }

    /// Whether this column holds the role.
    pub(super) fn is(&self, column: Expr) -> SimpleExpr {
        column.eq(Expr::cust(self.literal.clone()))
    }

    /// Whether the user in this column has the role: asked for each user in turn, which neither planner
    /// turns into a join.
    pub(super) fn has(&self, user_id: Expr) -> SimpleExpr {
        let found = Query::select()
            .expr(Expr::val(1))
            .from(user_role::Entity)
            .and_where(Expr::col((user_role::Entity, user_role::Column::UserId)).eq(user_id))
            .and_where(self.is(Expr::col((user_role::Entity, user_role::Column::RoleId))))
            .take();
        SimpleExpr::SubQuery(None, Box::new(found.into())).eq(1)
    }
}
