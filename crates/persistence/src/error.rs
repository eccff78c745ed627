//! Errors of the database in the domain's words.

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use vestibule_domain::{StoreError, StoreResult, UniqueKey};

/// What no two rows share: the constraint, as PostgreSQL names it, and the column, as SQLite does.
const UNIQUE: [(UniqueKey, &str, &str); 2] = [
    (UniqueKey::UserEmail, "uq_users_email_key", "users.email_key"),
    (UniqueKey::RoleName, "uq_roles_name", "roles.name"),
];

/// Says what an error means for the domain.
pub(crate) fn store_error(error: DbErr) -> StoreError {
    if let Some(SqlErr::UniqueConstraintViolation(text)) = error.sql_err()
        && let Some((key, ..)) = UNIQUE
            .iter()
            .find(|(_, name, column)| text.contains(name) || text.contains(column))
    {
        return StoreError::Duplicate { key: *key };
    }
    match weight(&error) {
        Weight::Conflict => StoreError::Conflict(error.into()),
        Weight::Unavailable => StoreError::Unavailable(error.into()),
        Weight::Failure => StoreError::Failure(error.into()),
    }
}

/// Maps the error of a result.
pub(crate) trait Stored<T> {
    fn stored(self) -> StoreResult<T>;
}

impl<T> Stored<T> for Result<T, DbErr> {
    fn stored(self) -> StoreResult<T> {
        self.map_err(store_error)
    }
}

enum Weight {
    Conflict,
    Unavailable,
    Failure,
}

fn weight(error: &DbErr) -> Weight {
    let source = match error {
        DbErr::ConnectionAcquire(_) => return Weight::Unavailable,
        DbErr::Conn(source) | DbErr::Exec(source) | DbErr::Query(source) => source,
        _ => return Weight::Failure,
    };
    let RuntimeErr::SqlxError(source) = source else {
        return Weight::Failure;
    };
    match source.as_ref() {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            Weight::Unavailable
        }
        sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => Weight::Unavailable,
        sqlx::Error::Database(refusal) => refusal.code().map_or(Weight::Failure, |code| weight_of_code(&code)),
        _ => Weight::Failure,
    }
}

/// Weighs a code: five characters on PostgreSQL (its documentation, appendix A), a number on SQLite.
fn weight_of_code(code: &str) -> Weight {
    match code {
        // Serialization failure, deadlock, lock not available; BUSY, LOCKED and their variants.
        "40001" | "40P01" | "55P03" | "5" | "6" | "261" | "262" | "517" | "773" => Weight::Conflict,
        // Out of disk, memory or connections; shutting down or starting; FULL.
        "53000" | "53100" | "53200" | "53300" | "57P01" | "57P02" | "57P03" | "13" => Weight::Unavailable,
        // Connection exceptions, a class of codes.
        code if code.len() == 5 && code.starts_with("08") => Weight::Unavailable,
        _ => Weight::Failure,
    }
}
