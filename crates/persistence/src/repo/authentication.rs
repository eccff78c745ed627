//! Session lookups for authentication, which every authenticated request needs.
//!
//! The text of the statement is built once per database, because building it takes several times as long as running it.

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
        roles_aggregates::{read_permissions, select_user_permissions},
        users_row::{add_user_columns, read_user},
    },
};

/// The numbers of sessions that a statement can load. A statement for fewer sessions repeats the last ID, so that
/// there are few texts and each connection prepares each of them once.
const SIZES: [usize; 4] = [1, 4, 16, 64];

/// The maximum number of sessions that one statement loads.
pub(crate) const MAX_BATCH: usize = SIZES[SIZES.len() - 1];

/// Returns the statement that loads 1 to [`MAX_BATCH`] sessions with their users and the users' permissions.
pub(crate) fn statement(backend: DbBackend, ids: &[Id<Session>]) -> Statement {
    static POSTGRES: [OnceLock<String>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    static SQLITE: [OnceLock<String>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let texts = if backend == DbBackend::Postgres {
        &POSTGRES
    } else {
        &SQLITE
    };
    let index = SIZES.iter().position(|size| *size >= ids.len()).unwrap_or_default();
    let text = texts[index].get_or_init(|| backend.build(&select(SIZES[index])).sql);
    let last = ids.last().copied();
    let padded = ids.iter().copied().chain(std::iter::repeat_with(|| last).flatten());
    let values = padded.take(SIZES[index]).map(|id| id.as_uuid().into());
    Statement::from_sql_and_values(backend, text, values)
}

// The indexes of the columns of `select`; the columns of the user are last.
const ID: usize = 0;
const EXPIRES_AT: usize = 1;
const REVOKED_AT: usize = 2;
const USER_ID: usize = 3;
const PERMISSIONS: usize = 4;
const PENDING_EMAIL: usize = 5;
const PENDING_EMAIL_EXPIRES_AT: usize = 6;
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
            .map(session_col),
        )
        .expr(select_user_permissions((session::Entity, session::Column::UserId)))
        .columns([token::Column::Email, token::Column::ExpiresAt].map(token_col));
    add_user_columns(&mut select);
    select
        .from(session::Entity)
        .left_join(
            user::Entity,
            Expr::col((user::Entity, user::Column::Id)).equals(session_col(session::Column::UserId)),
        )
        .left_join(
            token::Entity,
            Expr::col(token_col(token::Column::UserId))
                .equals(session_col(session::Column::UserId))
                .and(Expr::col(token_col(token::Column::Purpose)).eq(Expr::cust(CHANGE_EMAIL))),
        )
        // Placeholders for the IDs. The statement must not have other values, because only its text is cached.
        .and_where(Expr::col(session_col(session::Column::Id)).is_in(vec![Uuid::nil(); size]))
        .take()
}

/// The purpose of the token that confirms a new email address, as an SQL literal.
const CHANGE_EMAIL: &str = "'change_email'";

fn token_col(column: token::Column) -> (token::Entity, token::Column) {
    (token::Entity, column)
}

fn session_col(column: session::Column) -> (session::Entity, session::Column) {
    (session::Entity, column)
}

/// Reads the ID of the session in a row.
pub(crate) fn read_id(row: &QueryResult) -> Result<Id<Session>, DbErr> {
    Ok(Id::from_uuid(row.try_get_by_index(ID)?))
}

/// Reads the session in a row.
pub(crate) fn read(row: &QueryResult) -> Result<AuthenticatedSession, DbErr> {
    let user_id: Option<Uuid> = row.try_get_by_index(USER_ID)?;
    let user = match user_id {
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
        pending_email: read_pending_email(row)?,
    })
}

/// Reads the new email address without parsing it: it is only displayed, and a different version of the program may
/// have accepted it.
fn read_pending_email(row: &QueryResult) -> Result<Option<(String, Timestamp)>, DbErr> {
    let email: Option<String> = row.try_get_by_index(PENDING_EMAIL)?;
    let expires_at: Option<Timestamp> = row.try_get_by_index(PENDING_EMAIL_EXPIRES_AT)?;
    Ok(email.zip(expires_at))
}

#[cfg(test)]
mod tests {
    use vestibule_domain::TokenPurpose;

    use super::*;

    #[test]
    fn change_email_literal_matches_token_purpose() {
        assert_eq!(CHANGE_EMAIL, format!("'{}'", TokenPurpose::ChangeEmail.as_str()));
    }
}
