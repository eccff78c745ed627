//! Checks whether the database accepts writes.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use vestibule_domain::{StoreError, StoreResult};

use crate::{db::Db, error::IntoStoreResult, repo::no_row};

/// The minimum free disk space for SQLite: its write-ahead log needs space until it is checkpointed.
const MIN_FREE_BYTES: u64 = 1024 * 1024;

/// A reason why the database does not accept writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotWritable {
    /// The server is a standby, or read-only by its settings.
    #[error("the database is read-only")]
    ReadOnly,
    /// Too little disk space is left.
    #[error("the database disk is full")]
    DiskFull,
}

/// Checks that the database accepts writes, with a small write where a read does not prove it.
pub(crate) async fn check(writer: &Db, file: Option<&PathBuf>) -> StoreResult<()> {
    let reason = match writer.get_database_backend() {
        DbBackend::Postgres => postgres(writer).await?,
        _ => sqlite(writer, file).await?,
    };
    reason.map_or(Ok(()), |reason| Err(StoreError::Unavailable(reason.into())))
}

async fn postgres(db: &Db) -> StoreResult<Option<NotWritable>> {
    const IS_READ_ONLY: &str = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Postgres, IS_READ_ONLY))
        .await;
    let row = row.into_store_result()?.ok_or_else(no_row).into_store_result()?;
    if row.try_get_by_index(0).into_store_result()? {
        return Ok(Some(NotWritable::ReadOnly));
    }
    // A test write costs more than the query above, so it only follows a failed write.
    if !db.has_write_failed() {
        return Ok(None);
    }
    // Any other error, such as a missing permission to create temporary tables, proves nothing about writes.
    if let Err(error @ StoreError::Unavailable(_)) = write_temporary_table(db).await.into_store_result() {
        return Err(error);
    }
    db.clear_write_failed();
    Ok(None)
}

/// Creates and drops a temporary table. That needs disk space and commits like any other write, so with a synchronous
/// standby it waits for the standby.
async fn write_temporary_table(db: &Db) -> Result<(), DbErr> {
    const CREATE: &str = "CREATE TEMPORARY TABLE vestibule_disk_check ON COMMIT DROP \
                        AS SELECT repeat('x', 1000) AS filler FROM generate_series(1, 200)";
    let tx = db.begin().await?;
    tx.execute_unprepared(CREATE).await?;
    tx.commit().await
}

/// Writes the `user_version` in the header of the file, which the application does not use. The write is committed,
/// because an uncommitted one would not reach the disk.
async fn sqlite(db: &Db, file: Option<&PathBuf>) -> StoreResult<Option<NotWritable>> {
    // The number has to change, or nothing would be written.
    static IS_ODD: AtomicBool = AtomicBool::new(false);
    let number = u8::from(IS_ODD.fetch_xor(true, Ordering::Relaxed));
    let tx = db.begin().await.into_store_result()?;
    tx.execute_unprepared(&format!("PRAGMA user_version = {number}"))
        .await
        .into_store_result()?;
    tx.commit().await.into_store_result()?;
    let Some(folder) = file.and_then(|file| file.parent()) else {
        return Ok(None);
    };
    let folder = if folder.as_os_str().is_empty() {
        ".".as_ref()
    } else {
        folder
    };
    let is_full = rustix::fs::statvfs(folder).is_ok_and(|disk| disk.f_bavail * disk.f_frsize < MIN_FREE_BYTES);
    Ok(is_full.then_some(NotWritable::DiskFull))
}
