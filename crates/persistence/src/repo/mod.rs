//! The repositories, one file for each feature.

mod audit;
mod audit_row;
pub(crate) mod authentication;
mod challenges;
mod credentials;
mod factors;
mod idempotency;
mod installation;
mod one_time_tokens;
mod outbox;
mod passkeys_row;
mod query;
mod rate_limits;
mod references;
mod role_permissions;
mod roles;
mod roles_row;
mod row_query;
mod sessions;
mod sessions_row;
mod sorted_page;
mod users;
mod users_count;
mod users_list;
mod users_role_filter;
pub(crate) mod users_row;
mod users_source;

use std::fmt::Display;

use sea_orm::{ConnectionTrait, DbErr};
use vestibule_domain::{Repositories, Version};

use crate::SeaRepositories;

/// The maximum number of rows of an `INSERT`. Both databases limit the values of a statement; SQLite allows 32,766.
const ROWS_PER_INSERT: usize = 2_000;

impl<C: ConnectionTrait + Send + Sync + 'static> Repositories for SeaRepositories<C> {}

/// Logs the error of an unreadable row and returns `None` for it, so that a list can still return the other rows.
pub(crate) fn readable<T>(table: &str, id: impl Display, row: Result<T, DbErr>) -> Option<T> {
    row.inspect_err(|error| {
        tracing::error!(table, %id, %error, "skipped an unreadable row: it is damaged, or a newer version wrote it");
    })
    .ok()
}

/// Converts a stored version. A number out of range, which a newer version of the program may have stored, becomes
/// the nearest in range.
pub(crate) fn read_version(number: i64) -> Version {
    Version::new(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

/// Returns the error for a stored value that this program cannot have written.
pub(crate) fn corrupt(value: &str) -> DbErr {
    DbErr::Type(format!("the stored {value} is invalid"))
}

/// Returns the error for a query that always returns a row, but did not.
pub(crate) fn no_row() -> DbErr {
    DbErr::RecordNotFound("the query returned no row".to_owned())
}
