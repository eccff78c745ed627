//! Conversion of database errors to the errors of the domain.

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use sqlx::error::DatabaseError;
use vestibule_domain::{StoreError, StoreResult, UniqueKey};

/// Converts an error of the database to one of the domain.
pub(crate) fn store_error(error: DbErr) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(message)) => {
            if let Some(key) = unique_key(driver_error(&error), &message) {
                return StoreError::Duplicate { key };
            }
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => return StoreError::Reference(error.into()),
        None if driver_error(&error).is_some_and(is_restricted) => return StoreError::Reference(error.into()),
        _ => {}
    }
    match Severity::of(&error) {
        Severity::Conflict => StoreError::Conflict(error.into()),
        Severity::Unavailable => StoreError::Unavailable(error.into()),
        Severity::Failure => StoreError::Failure(error.into()),
    }
}

/// Returns the violated unique key of one column. PostgreSQL reports the table and the constraint
/// `uq_{table}_{column}`; SQLite reports `UNIQUE constraint failed: {table}.{column}`.
fn unique_key(error: Option<&dyn DatabaseError>, message: &str) -> Option<UniqueKey> {
    if let Some((table, constraint)) = error.and_then(|error| error.table().zip(error.constraint())) {
        let column = constraint.strip_prefix("uq_")?.strip_prefix(table)?.strip_prefix('_')?;
        return Some(UniqueKey::new(table, column));
    }
    let (_, columns) = message.rsplit_once(": ")?;
    let (table, column) = columns.split_once('.').filter(|_| !columns.contains(','))?;
    Some(UniqueKey::new(table, column))
}

/// Returns whether SQLite rejected the deletion of a row because of a reference with `ON DELETE RESTRICT`. It reports
/// this as the failure of a trigger, and only other violations of references as such.
fn is_restricted(error: &dyn DatabaseError) -> bool {
    const CONSTRAINT_TRIGGER: &str = "1811";
    error.code().as_deref() == Some(CONSTRAINT_TRIGGER) && error.message() == "FOREIGN KEY constraint failed"
}

fn driver_error(error: &DbErr) -> Option<&dyn DatabaseError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(source)) | DbErr::Query(RuntimeErr::SqlxError(source)) => {
            source.as_database_error()
        }
        _ => None,
    }
}

/// Converts the error of a result with [`store_error`].
pub(crate) trait IntoStoreResult<T> {
    fn into_store_result(self) -> StoreResult<T>;
}

impl<T> IntoStoreResult<T> for Result<T, DbErr> {
    fn into_store_result(self) -> StoreResult<T> {
        self.map_err(store_error)
    }
}

enum Severity {
    /// A concurrent transaction interfered.
    Conflict,
    /// The database is unreachable or cannot write at the moment.
    Unavailable,
    /// The statement or its data is invalid.
    Failure,
}

impl Severity {
    fn of(error: &DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable,
            DbErr::Exec(RuntimeErr::SqlxError(source)) | DbErr::Query(RuntimeErr::SqlxError(source)) => {
                Self::of_driver(source)
            }
            _ => Self::Failure,
        }
    }

    fn of_driver(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
            | sqlx::Error::InvalidSavePointStatement => Self::Unavailable,
            sqlx::Error::Database(error) => error.code().map_or(Self::Failure, |code| Self::of_code(&code)),
            _ => Self::Failure,
        }
    }

    fn of_code(code: &str) -> Self {
        match primary_result_code(code) {
            Some(sqlite::BUSY | sqlite::LOCKED) => Self::Conflict,
            Some(
                sqlite::NOMEM
                | sqlite::READONLY
                | sqlite::INTERRUPT
                | sqlite::IOERR
                | sqlite::CORRUPT
                | sqlite::FULL
                | sqlite::CANTOPEN
                | sqlite::PROTOCOL
                | sqlite::NOTADB,
            ) => Self::Unavailable,
            Some(_) => Self::Failure,
            None => Self::of_sqlstate(code),
        }
    }

    /// Classifies an SQLSTATE of PostgreSQL (its documentation, appendix A), whose first two characters are the class.
    fn of_sqlstate(code: &str) -> Self {
        match code {
            // Serialization failure, deadlock, lock not available.
            "40001" | "40P01" | "55P03" => Self::Conflict,
            // Read-only transaction (on a standby or a read-only database), idle-in-transaction timeout, transaction
            // timeout.
            "25006" | "25P03" | "25P04" => Self::Unavailable,
            // Classes: connection exception, insufficient resources, operator intervention (cancellation, shutdown,
            // start-up), system error.
            _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Self::Unavailable,
            _ => Self::Failure,
        }
    }
}

/// Returns whether the statement or its data is invalid.
pub(crate) fn is_failure(error: &DbErr) -> bool {
    matches!(Severity::of(error), Severity::Failure)
}

/// Returns whether the database is unreachable or cannot write at the moment.
pub(crate) fn is_unavailable(error: &sqlx::Error) -> bool {
    matches!(Severity::of_driver(error), Severity::Unavailable)
}

/// Returns whether a write failed because the disk is full.
pub(crate) fn is_disk_full(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| code == "53100" || primary_result_code(&code) == Some(sqlite::FULL))
}

/// Returns whether a connection is still usable after an error. Otherwise the transaction may have ended without the
/// driver noticing, the server no longer accepts writes, or the connection is lost.
pub(crate) fn leaves_connection_usable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            if let Some(code) = primary_result_code(&code) {
                return [sqlite::ERROR, sqlite::BUSY, sqlite::LOCKED, sqlite::CONSTRAINT].contains(&code);
            }
            let is_cancelled = &*code == "57014";
            let ends_connection = ["08", "57", "58"].iter().any(|class| code.starts_with(class));
            let is_read_only = ["25006", "25P03", "25P04"].contains(&&*code);
            is_cancelled || !(ends_connection || is_read_only)
        }
        sqlx::Error::RowNotFound
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::Encode(_)
        | sqlx::Error::Decode(_) => true,
        _ => false,
    }
}

/// Result codes of SQLite (<https://sqlite.org/rescode.html>).
mod sqlite {
    pub(super) const ERROR: u8 = 1;
    pub(super) const BUSY: u8 = 5;
    pub(super) const LOCKED: u8 = 6;
    pub(super) const NOMEM: u8 = 7;
    pub(super) const READONLY: u8 = 8;
    pub(super) const INTERRUPT: u8 = 9;
    pub(super) const IOERR: u8 = 10;
    pub(super) const CORRUPT: u8 = 11;
    pub(super) const FULL: u8 = 13;
    pub(super) const CANTOPEN: u8 = 14;
    pub(super) const PROTOCOL: u8 = 15;
    pub(super) const CONSTRAINT: u8 = 19;
    pub(super) const NOTADB: u8 = 26;
}

/// Returns the primary result code of SQLite, which is the lowest byte of an extended one, or `None` for an SQLSTATE of
/// PostgreSQL, which has five characters.
fn primary_result_code(code: &str) -> Option<u8> {
    if code.len() == 5 {
        return None;
    }
    let extended: u32 = code.parse().ok()?;
    u8::try_from(extended & 0xff).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(code: &str) -> &'static str {
        match Severity::of_code(code) {
            Severity::Conflict => "conflict",
            Severity::Unavailable => "unavailable",
            Severity::Failure => "failure",
        }
    }

    #[test]
    fn error_codes_of_both_engines_are_classified() {
        for (codes, expected) in [
            (&["40001", "40P01", "55P03", "5", "6", "261", "517"][..], "conflict"),
            (
                &[
                    "25006", "57014", "57P01", "57P05", "25P03", "25P04", "53100", "53300", "08006", "58030", "13",
                    "8", "778", "1032", "14", "7", "3850", "11", "267", "26",
                ],
                "unavailable",
            ),
            (&["23505", "42P01", "22001", "1", "19", "2067"], "failure"),
        ] {
            for code in codes {
                assert_eq!(severity(code), expected, "{code}");
            }
        }
    }
}
