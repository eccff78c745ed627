//! The repositories, a file for each feature.

mod audit;
mod audit_row;
pub(crate) mod authentication;
mod credentials;
mod idempotency;
mod installation;
mod membership;
mod names;
mod one_time_tokens;
mod outbox;
mod rate_limits;
mod roles;
mod sessions;
mod user_list;
mod user_row;
mod users;

use std::fmt::Display;

use sea_orm::DbErr;
use vestibule_domain::Version;

/// Rows of one statement at most: both databases bound the values of a statement, SQLite to 32,766.
const ROWS_PER_INSERT: usize = 2_000;

/// Keeps an error to its own row, so that a list shows the others. It is logged.
pub(crate) fn readable<T>(table: &'static str, id: impl Display, read: Result<T, DbErr>) -> Option<T> {
    read.inspect_err(|error| {
        tracing::error!(table, %id, %error, "left out a row that cannot be read: it is damaged, or of a newer version");
    })
    .ok()
}

/// A version as it is stored. A number out of range, which a newer version may have stored, is the nearest
/// in range.
pub(crate) fn version_of(number: i64) -> Version {
    Version::new(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

/// The error for a row that this program cannot have written.
pub(crate) fn corrupt(what: &str) -> DbErr {
    DbErr::Type(format!("not a valid {what}"))
}
