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
use vestibule_domain::{AuthenticatedSession, Id, Session, Timestamp};

use crate::{
    entity::{one_time_token as token, session, user},
    repo::{
        names::{permission_names_of, read_permissions},
        user_row::{add_user_columns, read_user},
    },
};

/// How many sessions one statement brings. A statement for fewer repeats the last one, so that there are
/// few texts and each is prepared once.
const SIZES: [usize; 4] = [1, 4, 16, 64];

/// The most sessions that one statement brings.
pub(crate) const MAX_BATCH: usize = SIZES[SIZES.len() - 1];

/// The statement that brings sessions with their users and the users' permissions: at least one session,
/// and [`MAX_BATCH`] at most.
pub(crate) fn statement(backend: DbBackend, ids: &[Id<Session>]) -> Statement {
    static POSTGRES: [OnceLock<String>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    static SQLITE: [OnceLock<String>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let texts = if backend == DbBackend::Postgres {
        &POSTGRES
    } else {
        &SQLITE
    };
    let place = SIZES.iter().position(|size| *size >= ids.len()).unwrap_or_default();
    let text = texts[place].get_or_init(|| backend.build(&select(SIZES[place])).sql);
    let last = ids.last().copied();
    let padded = ids.iter().copied().chain(std::iter::repeat_with(|| last).flatten());
    let values = padded.take(SIZES[place]).map(|id| id.as_uuid().into());
    Statement::from_sql_and_values(backend, text, values)
}

/// Places of the row that [`select`] brings; the user comes last.
const ID: usize = 0;
const EXPIRES_AT: usize = 1;
const REVOKED_AT: usize = 2;
const USER_ID: usize = 3;
const PERMISSIONS: usize = 4;
const PENDING_EMAIL: usize = 5;
const PENDING_UNTIL: usize = 6;
const USER: usize = 7;

fn select(size: usize) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(
            [
                session::Column::Id,
                session::Column::ExpiresAt,
                session::Column::RevokedAt,
                session::Column::UserId,
            ]
            .map(of_session),
        )
        .expr(permission_names_of((session::Entity, session::Column::UserId)))
        .columns([token::Column::Email, token::Column::ExpiresAt].map(of_token));
    add_user_columns(&mut select);
    select
        .from(session::Entity)
        .left_join(
            user::Entity,
            Expr::col((user::Entity, user::Column::Id)).equals(of_session(session::Column::UserId)),
        )
        .left_join(
            token::Entity,
            Expr::col(of_token(token::Column::UserId))
                .equals(of_session(session::Column::UserId))
                .and(Expr::col(of_token(token::Column::Purpose)).eq(Expr::cust(CHANGE_EMAIL))),
        )
        // The only values: their places are what the prepared text keeps.
        .and_where(Expr::col(of_session(session::Column::Id)).is_in(vec![Uuid::nil(); size]))
        .take()
}

/// The name of the purpose, as a constant of the statement.
const CHANGE_EMAIL: &str = "'change_email'";

fn of_token(column: token::Column) -> (token::Entity, token::Column) {
    (token::Entity, column)
}

fn of_session(column: session::Column) -> (session::Entity, session::Column) {
    (session::Entity, column)
}

/// Reads which session a row is about.
pub(crate) fn read_id(row: &QueryResult) -> Result<Id<Session>, DbErr> {
    Ok(Id::from_uuid(row.try_get_by_index(ID)?))
}

/// Reads a row.
pub(crate) fn read(row: &QueryResult) -> Result<AuthenticatedSession, DbErr> {
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
    Ok(AuthenticatedSession {
        expires_at: row.try_get_by_index(EXPIRES_AT)?,
        revoked_at: row.try_get_by_index(REVOKED_AT)?,
        user,
        pending_email: pending_email(row)?,
    })
}

/// The address is only shown: it need not be one that this version takes.
fn pending_email(row: &QueryResult) -> Result<Option<(String, Timestamp)>, DbErr> {
    let email: Option<String> = row.try_get_by_index(PENDING_EMAIL)?;
    let until: Option<Timestamp> = row.try_get_by_index(PENDING_UNTIL)?;
    Ok(email.zip(until))
}

#[cfg(test)]
mod tests {
    use vestibule_domain::TokenPurpose;

    use super::*;

    #[test]
    fn the_constant_is_the_name_of_the_purpose() {
        assert_eq!(CHANGE_EMAIL, format!("'{}'", TokenPurpose::ChangeEmail.as_str()));
    }
}
