//! Checks of a database that change nothing: for the start of the server and for `doctor`.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityName, QueryResult, Statement, TryGetable};
use uuid::Uuid;
use vestibule_domain::{Id, Installation, KeyFingerprint, StoreResult};

use crate::{
    Db, SeaStore,
    entity::{
        audit_event, credential, idempotency_key, installation, one_time_token, outbox, rate_limit, role,
        role_permission, session, user, user_role, user_search_term,
    },
    error::IntoStoreResult,
    repo::corrupt,
};

/// How far the migrations of a database have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationCounts {
    /// Those of this program that are applied.
    pub applied: usize,
    /// Those of this program that are not applied.
    pub pending: usize,
}

/// A reason why the server cannot work with a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseProblem {
    /// Text is not stored as UTF-8.
    #[error(
        "the encoding of the database is {0}, and only UTF-8 is supported: create a database with \
         `CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0` (on SQLite with `PRAGMA encoding = 'UTF-8'`) and use that"
    )]
    Encoding(String),
    /// The PostgreSQL server replays the log of another one.
    #[error(
        "the database is a standby, which accepts no writes (pg_is_in_recovery() is true): connect to the primary, \
         or promote this server"
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
        "no schema of the search path {0} exists, or the role may use none of them: create the schema, grant USAGE on it, \
         or change search_path"
    )]
    NoSchema(String),
    /// The role may not create tables.
    #[error(
        "the role {role} may not create tables in the schema {schema}, and migrations are pending: \
         run `GRANT CREATE ON SCHEMA {schema} TO {role}` as the owner of the schema or database"
    )]
    MayNotCreate {
        /// The schema in which tables are created.
        schema: String,
        /// The role that is connected.
        role: String,
    },
    /// Tables of another application have the names of ours.
    #[error(
        "{} there already, and no migration of this program is applied: they belong to another application. \
         Use an empty database, or on PostgreSQL a schema of its own (`CREATE SCHEMA vestibule`, and \
         `ALTER ROLE ... SET search_path = vestibule`)", exist(.0)
    )]
    Taken(Vec<String>),
    /// The role does not own tables that pending migrations may change.
    #[error(
        "migrations are pending, and the role {role} does not own the tables {}: connect as their owner, or run \
         `ALTER TABLE ... OWNER TO {role}`", .tables.join(", ")
    )]
    NotOwner {
        /// The role that is connected.
        role: String,
        /// The tables.
        tables: Vec<String>,
    },
    /// The role may not read and write every table.
    #[error(
        "the role {role} may not read and write the tables {}: run \
         `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}` as their owner",
        .tables.join(", ")
    )]
    MayNotUse {
        /// The role that is connected.
        role: String,
        /// The schema of the tables.
        schema: String,
        /// The tables.
        tables: Vec<String>,
    },
}

fn exist(names: &[String]) -> String {
    match names {
        [name] => format!("the table {name} is"),
        names => format!("the tables {} are", names.join(", ")),
    }
}

impl SeaStore {
    /// Returns the identifier of the installation and the fingerprint of the key that it was set up with, or `None`
    /// when there is no installation yet. Works on the schema of any version.
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
        row.map(|row| key_of(&row)).transpose().into_store_result()
    }

    /// Returns the reasons why the server cannot work with this database as its migrations are now.
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

fn key_of(row: &QueryResult) -> Result<(Id<Installation>, Option<KeyFingerprint>), DbErr> {
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
        let taken = names(
            db,
            &format!("SELECT relname::text FROM pg_class WHERE {ours} ORDER BY 1"),
        )
        .await?;
        if !taken.is_empty() {
            problems.push(DatabaseProblem::Taken(taken));
        }
    } else {
        let lacks = "NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT') \
                     AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))";
        let query = format!("SELECT relname::text FROM pg_class WHERE {ours} AND {lacks} ORDER BY 1");
        let tables = names(db, &query).await?;
        if !tables.is_empty() {
            problems.push(DatabaseProblem::MayNotUse {
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
            problems.push(DatabaseProblem::MayNotCreate {
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
        // SQLite does not tell names apart by case.
        let query = "SELECT lower(name), name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name";
        let rows = db
            .query_all_raw(Statement::from_string(DbBackend::Sqlite, query))
            .await?;
        let ours = tables();
        let mut taken = Vec::new();
        for row in rows {
            if ours.contains(row.try_get_by_index::<String>(0)?.as_str()) {
                taken.push(row.try_get_by_index(1)?);
            }
        }
        if !taken.is_empty() {
            problems.push(DatabaseProblem::Taken(taken));
        }
    }
    Ok(problems)
}

/// The names of our tables.
fn tables() -> BTreeSet<&'static str> {
    [
        role::Entity.table_name(),
        role_permission::Entity.table_name(),
        user::Entity.table_name(),
        user_search_term::Entity.table_name(),
        user_role::Entity.table_name(),
        credential::Entity.table_name(),
        session::Entity.table_name(),
        installation::Entity.table_name(),
        audit_event::Entity.table_name(),
        rate_limit::Entity.table_name(),
        one_time_token::Entity.table_name(),
        outbox::Entity.table_name(),
        idempotency_key::Entity.table_name(),
    ]
    .into()
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
    row.ok_or_else(|| corrupt("answer"))?.try_get_by_index(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_known() {
        let described: BTreeSet<String> = crate::schema(DbBackend::Sqlite)
            .iter()
            .filter_map(|statement| {
                let rest = statement.sql.strip_prefix("CREATE TABLE \"")?;
                Some(rest.split_once('"')?.0.to_owned())
            })
            .collect();
        assert_eq!(
            tables().into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
            described
        );
    }
}
