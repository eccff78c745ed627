//! Replacement of a table by a new version with the same rows, indexes and triggers.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, TransactionTrait,
    sea_query::{Alias, SqliteQueryBuilder, TableCreateStatement, TableName, TableRef},
};
use sea_orm_migration::SchemaManager;

use super::{columns, number, objects, quoted, rows};

/// Replaces a table by a new version, for changes that SQLite's `ALTER TABLE` does not support: dropping columns,
/// changing their type, default or `NOT NULL`, and changing constraints and foreign keys.
///
/// `table` is the new version under the same name. Columns keep the values of the columns with the same name; `values`
/// contains an SQL expression over a row of the old table for each of the others: `("mail", "email")` renames a column,
/// `("note", "''")` fills one. A new column without an expression gets its default.
///
/// The rows (counted before and after), the rows of other tables that reference them, the indexes, the triggers and the
/// `AUTOINCREMENT` sequence are preserved. The replacement is atomic.
///
/// # Errors
/// Nothing is changed if
/// - foreign keys are enforced on the connection, because dropping the old table would delete the rows that reference
///   it. The runner of this crate disables them around each migration, which only works outside a transaction;
/// - a new column requires a value and `values` has none, or `values` names a column that does not exist;
/// - an index or a trigger uses a dropped column: drop it first, so that it is not lost silently;
/// - a trigger or a view does not compile with the new table: drop it first and create it again afterwards;
/// - the database is not SQLite, or reports an error.
pub async fn rebuild(
    manager: &SchemaManager<'_>,
    table: TableCreateStatement,
    values: &[(&str, &str)],
) -> Result<(), DbErr> {
    let Some(TableRef::Table(TableName(_, name), _)) = table.get_table_name() else {
        return Err(DbErr::Migration("cannot rebuild a table without a name".to_owned()));
    };
    let name = name.to_string();
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Err(rebuild_error(&name, "the database is not SQLite; use ALTER TABLE"));
    }
    let tx = manager.get_connection().begin().await?;
    if number(&tx, "PRAGMA foreign_keys", &[]).await? != 0 {
        return Err(rebuild_error(
            &name,
            "foreign keys are enforced, so dropping the old table would delete the rows that reference it; \
             run the migration with vestibule-migrate, which disables them",
        ));
    }
    let before = objects::broken(&tx).await?;
    replace(&tx, &name, table, values).await?;
    let after = objects::broken(&tx).await?;
    if let Some((object, why)) = after.iter().find(|(object, _)| !before.contains_key(*object)) {
        let why =
            format!("drop `{object}`, or the trigger on it, first; it does not compile with the new table: {why}");
        return Err(rebuild_error(&name, &why));
    }
    tx.commit().await
}

async fn replace<C: ConnectionTrait>(
    db: &C,
    name: &str,
    mut table: TableCreateStatement,
    values: &[(&str, &str)],
) -> Result<(), DbErr> {
    let (old, temporary_name) = (quoted(name), format!("_rebuild_{name}"));
    let temporary = quoted(&temporary_name);
    table.table(Alias::new(&temporary_name));
    db.execute_unprepared(&table.to_string(SqliteQueryBuilder)).await?;

    let old_columns = columns::columns(db, name).await?;
    if old_columns.is_empty() {
        return Err(rebuild_error(name, "the table does not exist"));
    }
    let new_columns = columns::columns(db, &temporary_name).await?;
    let expressions =
        columns::expressions(&old_columns, &new_columns, values).map_err(|why| rebuild_error(name, &why))?;
    let dropped = columns::dropped(&old_columns, &new_columns);
    let objects = objects::of_table(db, name).await?;
    let dependent = objects
        .iter()
        .find_map(|object| Some((object, object.dropped_column(&dropped)?)));
    if let Some((object, column)) = dependent {
        let why = format!("drop `{}` first; it uses the dropped column `{column}`", object.name);
        return Err(rebuild_error(name, &why));
    }

    copy(db, &old, &temporary, expressions)
        .await
        .map_err(|error| match error {
            CopyError::Database(error) => error,
            CopyError::RowsLost { old, new } => {
                rebuild_error(name, &format!("the old table has {old} rows, but the new one {new}"))
            }
        })?;
    let sequence = Sequence::read(db, name).await?;
    db.execute_unprepared(&format!("DROP TABLE {old}")).await?;
    rename(db, &temporary, &old).await?;
    sequence.restore(db, name).await?;
    for object in &objects {
        db.execute_unprepared(&object.sql).await?;
    }
    Ok(())
}

enum CopyError {
    Database(DbErr),
    RowsLost { old: i64, new: i64 },
}

impl From<DbErr> for CopyError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

async fn copy<C: ConnectionTrait>(
    db: &C,
    from: &str,
    to: &str,
    expressions: Vec<(String, String)>,
) -> Result<(), CopyError> {
    let (columns, values): (Vec<_>, Vec<_>) = expressions.into_iter().unzip();
    let (columns, values) = (columns.join(", "), values.join(", "));
    if !columns.is_empty() {
        db.execute_unprepared(&format!("INSERT INTO {to} ({columns}) SELECT {values} FROM {from}"))
            .await?;
    }
    let old = number(db, &format!("SELECT count(*) FROM {from}"), &[]).await?;
    let new = number(db, &format!("SELECT count(*) FROM {to}"), &[]).await?;
    if old == new {
        Ok(())
    } else {
        Err(CopyError::RowsLost { old, new })
    }
}

/// Renames a table without rewriting the references to it in other tables, triggers and views, which then refer to the
/// new table of that name.
async fn rename<C: ConnectionTrait>(db: &C, from: &str, to: &str) -> Result<(), DbErr> {
    let legacy = number(db, "PRAGMA legacy_alter_table", &[]).await?;
    db.execute_unprepared("PRAGMA legacy_alter_table = ON").await?;
    let renamed = db
        .execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}"))
        .await;
    db.execute_unprepared(&format!("PRAGMA legacy_alter_table = {legacy}"))
        .await?;
    renamed.map(drop)
}

/// The last value of an `AUTOINCREMENT` sequence, which deleted rows count towards.
struct Sequence(Option<i64>);

impl Sequence {
    const EXISTS: &str = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'";

    async fn read<C: ConnectionTrait>(db: &C, table: &str) -> Result<Self, DbErr> {
        if number(db, Self::EXISTS, &[]).await? == 0 {
            return Ok(Self(None));
        }
        let seq = "SELECT seq FROM sqlite_sequence WHERE name = ? COLLATE NOCASE";
        let found = rows(db, seq, &[table]).await?;
        let seq = found.first().map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Self(seq))
    }

    async fn restore<C: ConnectionTrait>(&self, db: &C, table: &str) -> Result<(), DbErr> {
        let Self(Some(seq)) = self else { return Ok(()) };
        let autoincrement = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE \
                             AND sql LIKE '%AUTOINCREMENT%'";
        if number(db, autoincrement, &[table]).await? == 0 {
            return Ok(());
        }
        rows(
            db,
            "DELETE FROM sqlite_sequence WHERE name = ? COLLATE NOCASE",
            &[table],
        )
        .await?;
        let insert = format!("INSERT INTO sqlite_sequence (name, seq) VALUES (?, {seq})");
        rows(db, &insert, &[table]).await.map(drop)
    }
}

fn rebuild_error(table: &str, why: &str) -> DbErr {
    DbErr::Migration(format!("cannot rebuild table `{table}`: {why}"))
}
