//! Whether the database keeps what it acknowledged.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::db::Db;

/// A setting of the database under which acknowledged writes can be lost in a power failure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting} is {found}, which loses acknowledged writes in a crash")]
pub(crate) struct Unsafe {
    /// The name of the setting.
    pub(crate) setting: &'static str,
    /// Its value.
    pub(crate) found: String,
}

/// PostgreSQL settings, each with the value that is not safe.
const POSTGRES: [(&str, &str); 3] = [
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
];

/// Looks at the settings of the connection that writes. A database in memory keeps nothing by design.
pub(crate) async fn check(db: &Db) -> Result<Result<(), Unsafe>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        for (setting, bad) in POSTGRES {
            let found: String = scalar(db, format!("SHOW {setting}")).await?;
            if found == bad {
                return Ok(Err(Unsafe { setting, found }));
            }
        }
        return Ok(Ok(()));
    }
    let journal: String = scalar(db, "PRAGMA journal_mode".to_owned()).await?;
    if journal != "wal" && journal != "memory" {
        return Ok(Err(Unsafe {
            setting: "journal_mode",
            found: journal,
        }));
    }
    let synchronous: i64 = scalar(db, "PRAGMA synchronous".to_owned()).await?;
    if synchronous < 2 {
        return Ok(Err(Unsafe {
            setting: "synchronous",
            found: synchronous.to_string(),
        }));
    }
    Ok(Ok(()))
}

async fn scalar<T: sea_orm::TryGetable>(db: &Db, sql: String) -> Result<T, DbErr> {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?;
    row.ok_or_else(|| DbErr::RecordNotFound("setting".to_owned()))?
        .try_get_by_index(0)
}
