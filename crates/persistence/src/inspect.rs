//! Read-only checks of a database, for the start of the server and for `doctor`.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, TryGetable};
use uuid::Uuid;
use vestibule_domain::{Id, Installation, KeyFingerprint, StoreResult};

use crate::{
    Db, SeaStore,
    entity::tables,
    error::IntoStoreResult,
    repo::{corrupt, no_row},
};

/// The numbers of applied and pending migrations of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationCounts {
    /// Migrations that are applied.
    pub applied: usize,
    /// Migrations that are not applied.
    pub pending: usize,
}

/// A reason why the server cannot use a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseProblem {
    /// Text is not stored as UTF-8.
    #[error(
        "the encoding of the database is {0}, but only UTF-8 is supported: create and use a database with \
         `CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0` (on SQLite with `PRAGMA encoding = 'UTF-8'`)"
    )]
    Encoding(String),
    /// The PostgreSQL server is in recovery.
    #[error(
        "the database server is a standby, which accepts no writes (pg_is_in_recovery() is true): connect to the \
         primary, or promote this server"
    )]
    Standby,
    /// The database accepts no writes.
    #[error(
        "the database is read-only (transaction_read_only is on): check default_transaction_read_only of the server, \
         the database and the role"
    )]
    ReadOnly,
    /// No schema of the search path exists.
    #[error(
        "no schema of the search path {0} exists, or the role has no USAGE privilege on it: create the schema, \
         grant USAGE on it, or change search_path"
    )]
    NoSchema(String),
    /// The role cannot create tables.
    #[error(
        "migrations are pending, but the role {role} cannot create tables in the schema {schema}: \
         run `GRANT CREATE ON SCHEMA {schema} TO {role}` as the owner of the schema or database"
    )]
    CannotCreateTables {
        /// The schema in which tables are created.
        schema: String,
        /// The role that is connected.
        role: String,
    },
    /// Tables of another application have the names of tables of this program.
    #[error(
        "{} in a database without migrations of this program, so another application seems to use it: \
         use an empty database, or on PostgreSQL a separate schema (`CREATE SCHEMA vestibule` and \
         `ALTER ROLE ... SET search_path = vestibule`)", tables_exist(.0)
    )]
    ForeignTables(Vec<String>),
    /// The role does not own tables that pending migrations may change.
    #[error(
        "migrations are pending, but the role {role} does not own the tables {}: connect as their owner, or run \
         `ALTER TABLE ... OWNER TO {role}`", .tables.join(", ")
    )]
    NotOwner {
        /// The role that is connected.
        role: String,
        /// The tables.
        tables: Vec<String>,
    },
    /// The role cannot read and write every table.
    #[error(
        "the role {role} cannot read and write the tables {}: run \
         `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}` as their owner",
        .tables.join(", ")
    )]
    MissingPrivileges {
        /// The role that is connected.
        role: String,
        /// The schema of the tables.
        schema: String,
        /// The tables.
        tables: Vec<String>,
    },
}

fn tables_exist(names: &[String]) -> String {
    match names {
        [name] => format!("the table {name} exists"),
        names => format!("the tables {} exist", names.join(", ")),
    }
}

impl SeaStore {
    /// Returns the identifier of the installation and the fingerprint of its secret key, or `None` if the database is
    /// not set up yet. Works with the schema of any version.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn stored_key(&self) -> StoreResult<Option<(Id<Installation>, Option<KeyFingerprint>)>> {
        let db = self.writer();
        let exists = match db.get_database_backend() {
            DbBackend::Postgres => "SELECT to_regclass('installation') IS NOT NULL",
            _ => "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = 'installation'",
        };
        if !scalar::<bool>(db, exists).await.into_store_result()? {
            return Ok(None);
        }
        let query = Statement::from_string(
            db.get_database_backend(),
            "SELECT id, key_fingerprint FROM installation",
        );
        let row = db.query_one_raw(query).await.into_store_result()?;
        row.map(|row| read_key(&row)).transpose().into_store_result()
    }

    /// Returns the reasons why the server cannot use this database, whose migrations are in the given state.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn problems(&self, migrations: MigrationCounts) -> StoreResult<Vec<DatabaseProblem>> {
        let db = self.writer();
        match db.get_database_backend() {
            DbBackend::Postgres => postgres(db, migrations).await.into_store_result(),
            _ => sqlite(db, migrations).await.into_store_result(),
        }
    }
}

fn read_key(row: &QueryResult) -> Result<(Id<Installation>, Option<KeyFingerprint>), DbErr> {
    let id: Uuid = row.try_get_by_index(0)?;
    let stored: Option<Vec<u8>> = row.try_get_by_index(1)?;
    let fingerprint = stored.map(|bytes| bytes.try_into().map_err(|_| corrupt("key fingerprint")));
    Ok((Id::from_uuid(id), fingerprint.transpose()?))
}

async fn postgres(db: &Db, migrations: MigrationCounts) -> Result<Vec<DatabaseProblem>, DbErr> {
    let mut problems = Vec::new();
    let encoding: String = scalar(db, "SELECT current_setting('server_encoding')").await?;
    if encoding != "UTF8" {
        problems.push(DatabaseProblem::Encoding(encoding));
    }
    if scalar(db, "SELECT pg_is_in_recovery()").await? {
        problems.push(DatabaseProblem::Standby);
    } else if scalar(db, "SELECT current_setting('transaction_read_only')::boolean").await? {
        problems.push(DatabaseProblem::ReadOnly);
    }
    let Some(schema) = scalar::<Option<String>>(db, "SELECT quote_ident(current_schema())").await? else {
        problems.push(DatabaseProblem::NoSchema(
            scalar(db, "SELECT quote_literal(current_setting('search_path'))").await?,
        ));
        return Ok(problems);
    };
    let role: String = scalar(db, "SELECT quote_ident(current_user)").await?;
    let ours =
        "relname = ANY ($1) AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace = current_schema()::regnamespace";
    if migrations.applied == 0 {
        let query = format!("SELECT relname::text FROM pg_class WHERE {ours} ORDER BY 1");
        let foreign = names(db, &query).await?;
        if !foreign.is_empty() {
            problems.push(DatabaseProblem::ForeignTables(foreign));
        }
    } else {
        let lacks_privileges = "NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT') \
                     AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))";
        let query = format!("SELECT relname::text FROM pg_class WHERE {ours} AND {lacks_privileges} ORDER BY 1");
        let tables = names(db, &query).await?;
        if !tables.is_empty() {
            problems.push(DatabaseProblem::MissingPrivileges {
                role: role.clone(),
                schema: schema.clone(),
                tables,
            });
        }
    }
    if migrations.pending > 0 {
        if !scalar::<bool>(
            db,
            "SELECT has_schema_privilege(current_schema()::regnamespace, 'CREATE')",
        )
        .await?
        {
            problems.push(DatabaseProblem::CannotCreateTables {
                schema,
                role: role.clone(),
            });
        }
        if migrations.applied > 0 {
            let query = format!(
                "SELECT relname::text FROM pg_class WHERE {ours} AND NOT pg_has_role(relowner, 'USAGE') ORDER BY 1"
            );
            let tables = names(db, &query).await?;
            if !tables.is_empty() {
                problems.push(DatabaseProblem::NotOwner { role, tables });
            }
        }
    }
    Ok(problems)
}

async fn sqlite(db: &Db, migrations: MigrationCounts) -> Result<Vec<DatabaseProblem>, DbErr> {
    let mut problems = Vec::new();
    let encoding: String = scalar(db, "SELECT encoding FROM pragma_encoding").await?;
    if encoding != "UTF-8" {
        problems.push(DatabaseProblem::Encoding(encoding));
    }
    if migrations.applied == 0 {
        // SQLite ignores the case of names.
        let query = "SELECT lower(name), name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name";
        let rows = db
            .query_all_raw(Statement::from_string(DbBackend::Sqlite, query))
            .await?;
        let ours = tables();
        let mut foreign = Vec::new();
        for row in rows {
            if ours.contains(row.try_get_by_index::<String>(0)?.as_str()) {
                foreign.push(row.try_get_by_index(1)?);
            }
        }
        if !foreign.is_empty() {
            problems.push(DatabaseProblem::ForeignTables(foreign));
        }
    }
    Ok(problems)
}

async fn names(db: &Db, query: &str) -> Result<Vec<String>, DbErr> {
    let ours: Vec<String> = tables().into_iter().map(str::to_owned).collect();
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, query, [ours.into()]);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn scalar<T: TryGetable>(db: &Db, query: &str) -> Result<T, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), query);
    let row = db.query_one_raw(statement).await?;
    row.ok_or_else(no_row)?.try_get_by_index(0)
}
