//! Who sends a request: the statement that every authenticated request runs.
//!
//! Its text is built once for each database. Building it anew for each request would cost several times
//! what running it costs.

use std::sync::OnceLock;

use sea_orm::{
    DbBackend, DbErr, QueryResult, Statement,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;
use vestibule_domain::{
    Id,
    session::{LiveCaller, Session},
};

use crate::{
    entity::{session, user},
    repo::{
        names::{permission_names_of, read_permissions},
        user_row::{add_user_columns, read_user},
    },
};

/// The statement that brings a session with its user and the user's permissions.
pub(super) fn statement(backend: DbBackend, id: Id<Session>) -> Statement {
    static POSTGRES: OnceLock<String> = OnceLock::new();
    static SQLITE: OnceLock<String> = OnceLock::new();
    let text = if backend == DbBackend::Postgres {
        &POSTGRES
    } else {
        &SQLITE
    };
    let text = text.get_or_init(|| backend.build(&select()).sql);
    Statement::from_sql_and_values(backend, text, [id.as_uuid().into()])
}

/// Places of the row that [`select`] brings; the user comes last.
const EXPIRES_AT: usize = 0;
const REVOKED_AT: usize = 1;
const USER_ID: usize = 2;
const PERMISSIONS: usize = 3;
const USER: usize = 4;

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(
            [
                session::Column::ExpiresAt,
                session::Column::RevokedAt,
                session::Column::UserId,
            ]
            .map(of_session),
        )
        .expr(permission_names_of((session::Entity, session::Column::UserId)));
    add_user_columns(&mut select);
    select
        .from(session::Entity)
        .left_join(
            user::Entity,
            Expr::col((user::Entity, user::Column::Id)).equals(of_session(session::Column::UserId)),
        )
        // The only value: its place is what the prepared text keeps.
        .and_where(Expr::col(of_session(session::Column::Id)).eq(Uuid::nil()))
        .take()
}

fn of_session(column: session::Column) -> (session::Entity, session::Column) {
    (session::Entity, column)
}

/// Reads the row.
pub(super) fn read(row: &QueryResult) -> Result<LiveCaller, DbErr> {
    let owner: Option<Uuid> = row.try_get_by_index(USER_ID)?;
    let user = match owner {
        Some(_) => {
            let user = read_user(row, USER)?;
            let permissions: Option<String> = row.try_get_by_index(PERMISSIONS)?;
            let permissions = read_permissions(&user.roles, permissions.as_deref());
            Some((user, permissions))
        }
        None => None,
    };
    Ok(LiveCaller {
        expires_at: row.try_get_by_index(EXPIRES_AT)?,
        revoked_at: row.try_get_by_index(REVOKED_AT)?,
        user,
    })
}
