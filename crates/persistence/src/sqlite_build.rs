//! The options that SQLite was compiled with.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::db::Db;

/// Puts the page caches of all connections into one group, which has one lock.
const SHARED_PAGE_CACHES: &str = "ENABLE_MEMORY_MANAGEMENT";

/// Turns off memory statistics, which all connections would update under one lock.
const NO_MEMORY_STATISTICS: &str = "DEFAULT_MEMSTATUS=0";

/// Returns whether connections on different cores never wait for each other. True on PostgreSQL.
pub(crate) async fn has_independent_connections(db: &Db) -> Result<bool, DbErr> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(true);
    }
    let query = Statement::from_string(DbBackend::Sqlite, "PRAGMA compile_options");
    let rows = db.query_all_raw(query).await?;
    let options: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()?;
    let has = |option| options.iter().any(|name| name == option);
    Ok(!has(SHARED_PAGE_CACHES) && has(NO_MEMORY_STATISTICS))
}
