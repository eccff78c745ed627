//! A table made anew in another shape, with its rows and everything that hangs on it.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, TransactionTrait,
    sea_query::{Alias, SqliteQueryBuilder, TableCreateStatement, TableName, TableRef},
};
use sea_orm_migration::SchemaManager;

use super::{number, objects, quoted, rows, shape};

/// Gives a table another shape, for all that `ALTER TABLE` cannot do on SQLite: columns that go or change
/// their type, default or `NOT NULL`, constraints and foreign keys.
///
/// `shape` is the table as it is to be, under the name that it has. Its columns keep the values of the
/// columns of the same name; `values` says what fills the others, each as SQL over a row of the old
/// table: `("mail", "email")` renames, `("note", "''")` fills. A new column that is not there gets its default.
///
/// Kept are the rows, which are counted before and after, the rows of other tables that refer to them, the
/// indexes, the triggers, and how far `AUTOINCREMENT` has come. All is done, or nothing.
///
/// # Errors
/// Nothing is changed when
/// - foreign keys are enforced on the connection: to drop the old table would delete the rows that refer to it.
///   The runner of this crate turns that off around each migration, which only works outside a transaction;
/// - a new column must have a value and none is known, or `values` names a column that is not there;
/// - an index or a trigger names a column that goes: drop it first, so that nothing is lost unsaid;
/// - a trigger or a view does not fit the new shape: drop it first and make it anew after;
/// - the database is not SQLite, or it refuses.
pub async fn rebuild(
    manager: &SchemaManager<'_>,
    shape: TableCreateStatement,
    values: &[(&str, &str)],
) -> Result<(), DbErr> {
    let Some(TableRef::Table(TableName(_, table), _)) = shape.get_table_name() else {
        return Err(refused("a table", "the new shape has no name"));
    };
    let table = table.to_string();
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Err(refused(&table, "only tables of SQLite are, others can be altered"));
    }
    let tx = manager.get_connection().begin().await?;
    if number(&tx, "PRAGMA foreign_keys", &[]).await? != 0 {
        return Err(refused(
            &table,
            "foreign keys are enforced, so the rows that refer to it would be deleted with it; \
             run the migration with vestibule-migrate, which sees to that",
        ));
    }
    let before = objects::broken(&tx).await?;
    replace(&tx, &table, shape, values).await?;
    let after = objects::broken(&tx).await?;
    if let Some((name, why)) = after.iter().find(|(name, _)| !before.contains_key(*name)) {
        let why = format!("`{name}`, or a trigger on it, does not fit the new shape, so drop it first: {why}");
        return Err(refused(&table, &why));
    }
    tx.commit().await
}

/// Puts a table of the new shape in the place of the old one.
async fn replace<C: ConnectionTrait>(
    db: &C,
    table: &str,
    mut shape: TableCreateStatement,
    values: &[(&str, &str)],
) -> Result<(), DbErr> {
    let (old, aside_name) = (quoted(table), format!("_rebuild_{table}"));
    let aside = quoted(&aside_name);
    shape.table(Alias::new(&aside_name));
    db.execute_unprepared(&shape.to_string(SqliteQueryBuilder)).await?;

    let columns = shape::columns(db, table).await?;
    if columns.is_empty() {
        return Err(refused(table, "there is no such table"));
    }
    let new_columns = shape::columns(db, &aside_name).await?;
    let sources = shape::sources(&columns, &new_columns, values).map_err(|why| refused(table, &why))?;
    let gone = shape::gone(&columns, &new_columns);
    let objects = objects::of_table(db, table).await?;
    if let Some((object, column)) = objects.iter().find_map(|object| Some((object, object.lacks(&gone)?))) {
        let why = format!(
            "`{}` needs the column `{column}`, which goes: drop it first",
            object.name
        );
        return Err(refused(table, &why));
    }

    copy(db, &old, &aside, sources).await.map_err(|error| match error {
        Copy::Failed(error) => error,
        Copy::Lost(had, has) => refused(table, &format!("it had {had} rows and the new one {has}")),
    })?;
    let sequence = Sequence::read(db, table).await?;
    db.execute_unprepared(&format!("DROP TABLE {old}")).await?;
    rename(db, &aside, &old).await?;
    sequence.restore(db, table).await?;
    for object in &objects {
        db.execute_unprepared(&object.sql).await?;
    }
    Ok(())
}

enum Copy {
    Failed(DbErr),
    /// How many rows there were and how many arrived.
    Lost(i64, i64),
}

impl From<DbErr> for Copy {
    fn from(error: DbErr) -> Self {
        Self::Failed(error)
    }
}

async fn copy<C: ConnectionTrait>(db: &C, from: &str, to: &str, sources: Vec<(String, String)>) -> Result<(), Copy> {
    let (columns, values): (Vec<_>, Vec<_>) = sources.into_iter().unzip();
    let (columns, values) = (columns.join(", "), values.join(", "));
    if !columns.is_empty() {
        db.execute_unprepared(&format!("INSERT INTO {to} ({columns}) SELECT {values} FROM {from}"))
            .await?;
    }
    let had = number(db, &format!("SELECT count(*) FROM {from}"), &[]).await?;
    let has = number(db, &format!("SELECT count(*) FROM {to}"), &[]).await?;
    if had == has { Ok(()) } else { Err(Copy::Lost(had, has)) }
}

/// Renames a table and nothing besides: what names it in other tables, triggers and views means the name
/// and not the table that is gone.
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

/// How far `AUTOINCREMENT` has come, which counts the rows that are deleted too.
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

fn refused(table: &str, why: &str) -> DbErr {
    DbErr::Migration(format!("{table} was not rebuilt: {why}"))
}
