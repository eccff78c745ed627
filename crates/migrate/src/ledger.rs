//! The two tables: SeaORM's, which says what is applied, and the ledger beside it.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExprTrait, Schema, Statement,
    sea_query::{Alias, ColumnDef, DynIden, Expr, IntoIden, OnConflict, Query, Table},
};
use sea_orm_migration::seaql_migrations;

use crate::{Action, Migrations, list::Known};

/// Who writes here.
const ENGINE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// What the database says about its migrations.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// By name, when each was applied, in seconds since 1970. SeaORM's table is what counts.
    pub(crate) applied: BTreeMap<String, i64>,
    /// By name, what is known besides.
    pub(crate) entries: BTreeMap<String, LedgerEntry>,
}

/// What is known of a migration besides that it is applied.
#[derive(Debug, Clone)]
pub(crate) struct LedgerEntry {
    pub(crate) checksum: Option<String>,
    pub(crate) how: How,
    pub(crate) engine: String,
    /// In milliseconds since 1970.
    pub(crate) started_at: i64,
    /// `None` while it runs, or when it broke off.
    pub(crate) finished_at: Option<i64>,
}

/// How a migration came to be as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Up,
    Down,
    /// Another program applied it before.
    Adopted,
    /// Somebody said so.
    Stamped,
}

impl How {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Up, "up"),
        (Self::Down, "down"),
        (Self::Adopted, "adopted"),
        (Self::Stamped, "stamped"),
    ];

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(how, _)| *how == self)
            .map_or("", |(_, name)| name)
    }

    fn parse(name: &str) -> Result<Self, DbErr> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found
            .map(|(how, _)| *how)
            .ok_or_else(|| DbErr::Type(format!("the ledger has an entry of the kind `{name}`")))
    }
}

impl Ledger {
    /// Whether no migration is recorded in the database.
    pub(crate) fn is_empty(&self) -> bool {
        self.applied.is_empty() && self.entries.is_empty()
    }

    pub(crate) fn is_applied(&self, name: &str) -> bool {
        self.applied.contains_key(name)
    }

    /// The migration that was begun outside a transaction and did not come to its end.
    pub(crate) fn interrupted(&self) -> Option<(&str, Action)> {
        self.entries.iter().find_map(|(name, entry)| {
            let action = match entry.how {
                How::Down => Action::Down,
                _ => Action::Up,
            };
            entry.finished_at.is_none().then_some((name.as_str(), action))
        })
    }

    /// Whether there is something to write down about an applied migration: that it was found, or its fingerprint.
    pub(crate) fn lacks(&self, known: &Known) -> bool {
        let entry = self.entries.get(&known.name);
        self.is_applied(&known.name) && entry.is_none_or(|entry| entry.checksum.is_none() && known.checksum.is_some())
    }
}

/// The two tables of one list of migrations.
pub(crate) struct Tables {
    applied: DynIden,
    ledger: DynIden,
}

impl Tables {
    pub(crate) fn of(migrations: &Migrations) -> Self {
        Self {
            applied: Alias::new(migrations.table()).into_iden(),
            ledger: Alias::new(migrations.ledger_table()).into_iden(),
        }
    }

    /// Makes what is not there.
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

    /// Reads both, and makes neither: a table that is not there has nothing in it.
    pub(crate) async fn read<C: ConnectionTrait>(&self, db: &C) -> Result<Ledger, DbErr> {
        let mut found = Ledger::default();
        if exists(db, &self.applied).await? {
            let query = Query::select()
                .columns(["version", "applied_at"])
                .from(self.applied.clone())
                .take();
            for row in db.query_all(&query).await? {
                found.applied.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            }
        }
        if exists(db, &self.ledger).await? {
            let columns = ["version", "checksum", "how", "engine", "started_at", "finished_at"];
            let query = Query::select().columns(columns).from(self.ledger.clone()).take();
            for row in db.query_all(&query).await? {
                let entry = LedgerEntry {
                    checksum: row.try_get_by_index(1)?,
                    how: How::parse(&row.try_get_by_index::<String>(2)?)?,
                    engine: row.try_get_by_index(3)?,
                    started_at: row.try_get_by_index(4)?,
                    finished_at: row.try_get_by_index(5)?,
                };
                found.entries.insert(row.try_get_by_index(0)?, entry);
            }
        }
        Ok(found)
    }

    /// Writes down that a migration is applied.
    pub(crate) async fn insert_applied<C: ConnectionTrait>(&self, db: &C, name: &str) -> Result<(), DbErr> {
        let insert = Query::insert()
            .into_table(self.applied.clone())
            .columns(["version", "applied_at"])
            .values_panic([name.into(), (now() / 1000).into()])
            .take();
        db.execute(&insert).await.map(drop)
    }

    /// Writes down what is known besides, in the place of what was.
    pub(crate) async fn write<C: ConnectionTrait>(&self, db: &C, name: &str, entry: LedgerEntry) -> Result<(), DbErr> {
        let LedgerEntry {
            checksum,
            how,
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
                how.name().into(),
                engine.into(),
                started_at.into(),
                finished_at.into(),
            ])
            .on_conflict(OnConflict::column("version").update_columns(rest).to_owned())
            .take();
        db.execute(&insert).await.map(drop)
    }

    /// Forgets a migration.
    pub(crate) async fn forget<C: ConnectionTrait>(&self, db: &C, name: &str) -> Result<(), DbErr> {
        for table in [&self.applied, &self.ledger] {
            let delete = Query::delete()
                .from_table(table.clone())
                .and_where(Expr::col("version").eq(name))
                .take();
            db.execute(&delete).await?;
        }
        Ok(())
    }
}

impl LedgerEntry {
    /// What begins now, or began at `started_at`.
    pub(crate) fn new(known: &Known, how: How, started_at: i64, finished_at: Option<i64>) -> Self {
        Self {
            checksum: known.checksum.clone(),
            how,
            engine: ENGINE.to_owned(),
            started_at,
            finished_at,
        }
    }

    /// How long it took.
    pub(crate) fn took(&self) -> Option<Duration> {
        let millis = self.finished_at?.checked_sub(self.started_at)?;
        (self.how == How::Up).then(|| Duration::from_millis(millis.unsigned_abs()))
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

async fn exists<C: ConnectionTrait>(db: &C, table: &DynIden) -> Result<bool, DbErr> {
    let (query, name) = match db.get_database_backend() {
        // Looks where a statement would: along the search path.
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
