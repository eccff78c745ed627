//! The repositories, a file for each feature.

mod audit;
mod audit_row;
pub(crate) mod caller;
mod credential;
mod idempotency;
mod installation;
mod mail;
mod membership;
mod names;
mod role;
mod session;
mod throttle;
mod user;
mod user_list;
mod user_row;
mod verification;

use sea_orm::DbErr;

/// Rows of one statement at most: both databases bound the values of a statement, SQLite to 32,766.
const ROWS_PER_INSERT: usize = 2_000;

/// The error for a row that this program cannot have written.
pub(crate) fn corrupt(what: &str) -> DbErr {
    DbErr::Type(format!("not a valid {what}"))
}
