//! Whether the database accepts writes now.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use vestibule_domain::{StoreError, StoreResult};

use crate::{db::Db, error::IntoStoreResult};

/// With less free space than this an SQLite database is about to fail: its log needs room before it is emptied.
const MIN_FREE_BYTES: u64 = 1024 * 1024;

/// The database does not accept writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotWritable {
    /// A standby, or a database that was made read-only.
    #[error("the database is read-only")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk of the database is full")]
    DiskFull,
}

/// Checks that the database accepts writes, with a small write where a read is not enough.
pub(crate) async fn check(writer: &Db, file: Option<&PathBuf>) -> StoreResult<()> {
    let fault = match writer.get_database_backend() {
        DbBackend::Postgres => postgres(writer).await?,
        _ => sqlite(writer, file).await?,
    };
    fault.map_or(Ok(()), |fault| Err(StoreError::Unavailable(fault.into())))
}

async fn postgres(db: &Db) -> StoreResult<Option<NotWritable>> {
    const ROLE: &str = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Postgres, ROLE))
        .await;
    let row = row
        .into_store_result()?
        .ok_or_else(|| DbErr::RecordNotFound("answer".to_owned()))
        .into_store_result()?;
    if row.try_get_by_index(0).into_store_result()? {
        return Ok(Some(NotWritable::ReadOnly));
    }
    // Only after a write has failed: it costs more than the question above.
    if !db.has_write_failed() {
        return Ok(None);
    }
    // Any other error, such as that temporary tables are not allowed, says nothing about writes.
    if let Err(error @ StoreError::Unavailable(_)) = extend_a_file(db).await.into_store_result() {
        return Err(error);
    }
    db.forget_failed_write();
    Ok(None)
}

/// Needs room on the disk, leaves nothing there, and commits like any write: with a synchronous standby it waits for
/// that.
async fn extend_a_file(db: &Db) -> Result<(), DbErr> {
    const FILL: &str = "CREATE TEMPORARY TABLE vestibule_disk_check ON COMMIT DROP \
                        AS SELECT repeat('x', 1000) AS filler FROM generate_series(1, 200)";
    let tx = db.begin().await?;
    tx.execute_unprepared(FILL).await?;
    tx.commit().await
}

/// A transaction that is not committed would not reach the disk, so this commits: the number that SQLite keeps for
/// applications in the file's header.
async fn sqlite(db: &Db, file: Option<&PathBuf>) -> StoreResult<Option<NotWritable>> {
    static ODD: AtomicBool = AtomicBool::new(false);
    let number = u8::from(ODD.fetch_xor(true, Ordering::Relaxed));
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
