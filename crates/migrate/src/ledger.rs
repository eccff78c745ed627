//! The two tables that record migrations: SeaORM's, which decides what is applied, and the ledger.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExprTrait, Schema, Statement,
    sea_query::{Alias, ColumnDef, DynIden, Expr, IntoIden, OnConflict, Query, Table},
};
use sea_orm_migration::seaql_migrations;

use crate::{Direction, Migrations, migrations::RegisteredMigration};

/// The program that writes ledger entries.
const ENGINE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// The contents of both tables.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// When each migration was applied, in seconds since 1970, by name; from SeaORM's table, which is authoritative.
    pub(crate) applied: BTreeMap<String, i64>,
    /// The ledger entries by name.
    pub(crate) entries: BTreeMap<String, LedgerEntry>,
}

/// A row of the ledger.
#[derive(Debug, Clone)]
pub(crate) struct LedgerEntry {
    pub(crate) checksum: Option<String>,
    pub(crate) applied_by: AppliedBy,
    pub(crate) engine: String,
    /// In milliseconds since 1970.
    pub(crate) started_at: i64,
    /// `None` while the migration runs, or if it was interrupted.
    pub(crate) finished_at: Option<i64>,
}

/// The way in which a migration got its current state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AppliedBy {
    Up,
    Down,
    /// Applied by another program, such as `sea-orm-cli`, before this one.
    Adopted,
    /// Recorded with `stamp`, without running.
    Stamped,
}

impl AppliedBy {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Up, "up"),
        (Self::Down, "down"),
        (Self::Adopted, "adopted"),
        (Self::Stamped, "stamped"),
    ];

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(value, _)| *value == self)
            .map_or("", |(_, name)| name)
    }

    fn parse(name: &str) -> Result<Self, DbErr> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(value, _)| *value).ok_or_else(|| {
            DbErr::Type(format!(
                "column `how` of the migration ledger has the unknown value `{name}`"
            ))
        })
    }
}

impl Ledger {
    /// Returns whether the database has no record of any migration.
    pub(crate) fn is_empty(&self) -> bool {
        self.applied.is_empty() && self.entries.is_empty()
    }

    pub(crate) fn is_applied(&self, name: &str) -> bool {
        self.applied.contains_key(name)
    }

    /// Returns the migration that started outside a transaction and did not complete.
    pub(crate) fn interrupted(&self) -> Option<(&str, Direction)> {
        self.entries.iter().find_map(|(name, entry)| {
            let direction = match entry.applied_by {
                AppliedBy::Down => Direction::Down,
                _ => Direction::Up,
            };
            entry.finished_at.is_none().then_some((name.as_str(), direction))
        })
    }

    /// Returns whether an applied migration has no ledger entry, or an entry without the checksum that is known.
    pub(crate) fn is_unrecorded(&self, registered: &RegisteredMigration) -> bool {
        let entry = self.entries.get(&registered.name);
        self.is_applied(&registered.name)
            && entry.is_none_or(|entry| entry.checksum.is_none() && registered.checksum.is_some())
    }
}

/// The two tables that belong to a list of migrations.
pub(crate) struct LedgerTables {
    applied: DynIden,
    ledger: DynIden,
}

impl LedgerTables {
    pub(crate) fn of(migrations: &Migrations) -> Self {
        Self {
            applied: Alias::new(migrations.table()).into_iden(),
            ledger: Alias::new(migrations.ledger_table()).into_iden(),
        }
    }

    /// Creates the tables that do not exist.
    pub(crate) async fn create<C: ConnectionTrait>(&self, db: &C) -> Result<(), DbErr> {
        let mut applied = Schema::new(db.get_database_backend()).create_table_from_entity(seaql_migrations::Entity);
        db.execute(applied.table(self.applied.clone()).if_not_exists()).await?;
        let mut ledger = Table::create();
        ledger
            .table(self.ledger.clone())
            .if_not_exists()
            .col(ColumnDef::new("version").string().not_null().primary_key())
            .col(ColumnDef::new("checksum").string())
            .col(ColumnDef::new("how").string().not_null())
            .col(ColumnDef::new("engine").string().not_null())
            .col(ColumnDef::new("started_at").big_integer().not_null())
            .col(ColumnDef::new("finished_at").big_integer());
        db.execute(&ledger).await.map(drop)
    }

    /// Reads both tables without creating them; a missing table counts as empty.
    pub(crate) async fn read<C: ConnectionTrait>(&self, db: &C) -> Result<Ledger, DbErr> {
        let mut contents = Ledger::default();
        if exists(db, &self.applied).await? {
            let query = Query::select()
                .columns(["version", "applied_at"])
                .from(self.applied.clone())
                .take();
            for row in db.query_all(&query).await? {
                contents
                    .applied
                    .insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            }
        }
        if exists(db, &self.ledger).await? {
            let columns = ["version", "checksum", "how", "engine", "started_at", "finished_at"];
            let query = Query::select().columns(columns).from(self.ledger.clone()).take();
            for row in db.query_all(&query).await? {
                let entry = LedgerEntry {
                    checksum: row.try_get_by_index(1)?,
                    applied_by: AppliedBy::parse(&row.try_get_by_index::<String>(2)?)?,
                    engine: row.try_get_by_index(3)?,
                    started_at: row.try_get_by_index(4)?,
                    finished_at: row.try_get_by_index(5)?,
                };
                contents.entries.insert(row.try_get_by_index(0)?, entry);
            }
        }
        Ok(contents)
    }

    /// Records a migration as applied in SeaORM's table.
    pub(crate) async fn insert_applied<C: ConnectionTrait>(&self, db: &C, name: &str) -> Result<(), DbErr> {
        let insert = Query::insert()
            .into_table(self.applied.clone())
            .columns(["version", "applied_at"])
            .values_panic([name.into(), (now() / 1000).into()])
            .take();
        db.execute(&insert).await.map(drop)
    }

    /// Inserts or replaces a ledger entry.
    pub(crate) async fn upsert_entry<C: ConnectionTrait>(
        &self,
        db: &C,
        name: &str,
        entry: LedgerEntry,
    ) -> Result<(), DbErr> {
        let LedgerEntry {
            checksum,
            applied_by,
            engine,
            started_at,
            finished_at,
        } = entry;
        let rest = ["checksum", "how", "engine", "started_at", "finished_at"];
        let insert = Query::insert()
            .into_table(self.ledger.clone())
            .columns(["version"].into_iter().chain(rest))
            .values_panic([
                name.into(),
                checksum.into(),
                applied_by.name().into(),
                engine.into(),
                started_at.into(),
                finished_at.into(),
            ])
            .on_conflict(OnConflict::column("version").update_columns(rest).to_owned())
            .take();
        db.execute(&insert).await.map(drop)
    }

    /// Deletes a migration from both tables.
    pub(crate) async fn delete<C: ConnectionTrait>(&self, db: &C, name: &str) -> Result<(), DbErr> {
        for table in [&self.applied, &self.ledger] {
            let statement = Query::delete()
                .from_table(table.clone())
                .and_where(Expr::col("version").eq(name))
                .take();
            db.execute(&statement).await?;
        }
        Ok(())
    }
}

impl LedgerEntry {
    pub(crate) fn new(
        registered: &RegisteredMigration,
        applied_by: AppliedBy,
        started_at: i64,
        finished_at: Option<i64>,
    ) -> Self {
        Self {
            checksum: registered.checksum.clone(),
            applied_by,
            engine: ENGINE.to_owned(),
            started_at,
            finished_at,
        }
    }

    /// Returns how long the migration ran, if it was applied here.
    pub(crate) fn elapsed(&self) -> Option<Duration> {
        let millis = self.finished_at?.checked_sub(self.started_at)?;
        (self.applied_by == AppliedBy::Up).then(|| Duration::from_millis(millis.unsigned_abs()))
    }
}

/// Returns the current time in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

async fn exists<C: ConnectionTrait>(db: &C, table: &DynIden) -> Result<bool, DbErr> {
    let (query, name) = match db.get_database_backend() {
        // `to_regclass` follows the search path, as a statement would.
        DbBackend::Postgres => (
            "SELECT to_regclass($1) IS NOT NULL",
            format!("\"{}\"", table.to_string().replace('"', "\"\"")),
        ),
        _ => (
            "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = ?",
            table.to_string(),
        ),
    };
    let query = Statement::from_sql_and_values(db.get_database_backend(), query, [name.into()]);
    let row = db.query_one_raw(query).await?;
    row.map_or(Ok(false), |row| row.try_get_by_index(0))
}
