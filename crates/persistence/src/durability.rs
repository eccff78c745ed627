//! Checks of the settings that the durability of acknowledged writes depends on.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::{db::Db, repo::no_row};

/// A setting of the database with which a crash or a power failure can lose acknowledged writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database setting {name} is {value}, so a crash could lose acknowledged writes")]
pub(crate) struct UnsafeSetting {
    name: &'static str,
    value: String,
}

/// PostgreSQL settings, each with its unsafe value.
const POSTGRES: [(&str, &str); 3] = [
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
];

/// Finds an unsafe setting of the connection that writes. An in-memory database has none: it is not durable by design.
pub(crate) async fn find_unsafe_setting(db: &Db) -> Result<Option<UnsafeSetting>, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        for (name, unsafe_value) in POSTGRES {
            let value: String = scalar(db, format!("SHOW {name}")).await?;
            if value == unsafe_value {
                return Ok(Some(UnsafeSetting { name, value }));
            }
        }
        return Ok(None);
    }
    let journal_mode: String = scalar(db, "PRAGMA journal_mode".to_owned()).await?;
    if journal_mode != "wal" && journal_mode != "memory" {
        return Ok(Some(UnsafeSetting {
            name: "journal_mode",
            value: journal_mode,
        }));
    }
    let synchronous: i64 = scalar(db, "PRAGMA synchronous".to_owned()).await?;
    if synchronous < 2 {
        return Ok(Some(UnsafeSetting {
            name: "synchronous",
            value: synchronous.to_string(),
        }));
    }
    Ok(None)
}

async fn scalar<T: sea_orm::TryGetable>(db: &Db, sql: String) -> Result<T, DbErr> {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?;
    row.ok_or_else(no_row)?.try_get_by_index(0)
}
