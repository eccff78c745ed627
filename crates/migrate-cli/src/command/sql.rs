//! The SQL of migrations, for manual application.

use sea_orm::DatabaseConnection;
use sea_orm_migration::SchemaManager;
use vestibule_migrate::Position;

use crate::engine::Engine;
use crate::error::Error;
use crate::project::Project;
use crate::record::record;
use crate::scratch::{ScratchDatabase, ScratchHost};

/// Prints the SQL of the migrations after `from` up to and including `to`.
pub(crate) async fn print(
    project: &Project,
    host: &ScratchHost,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), Error> {
    for (name, statements) in statements_between(project, host, from, to).await? {
        println!("-- {name}");
        if host.engine() == Engine::Sqlite {
            println!("PRAGMA foreign_keys = OFF;");
        }
        println!("BEGIN;");
        for statement in statements {
            println!("{};", statement.trim_end_matches(';'));
        }
        println!("COMMIT;\n-- then: cargo migrate stamp {name}\n");
    }
    Ok(())
}

/// Returns the names and statements of the migrations after `from` up to and including `to`.
///
/// All migrations run in a scratch database, so the statements are those for the schema before each migration.
pub(crate) async fn statements_between(
    project: &Project,
    host: &ScratchHost,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<Vec<(String, Vec<String>)>, Error> {
    let list = (project.list)();
    let count = |position: Option<&str>, default| {
        let count = position.map_or(default, Position::from).count(&list);
        count.map_err(|error| Error::Usage(error.to_string()))
    };
    let (first, last) = (count(from, Position::Base)?, count(to, Position::Head)?);
    let scratch = ScratchDatabase::create(host).await?;
    let recorded = record_migrations(project, scratch.db()).await;
    scratch.close().await?;
    let migrations = list.names().map(str::to_owned).zip(recorded?);
    Ok(migrations.take(last).skip(first).collect())
}

/// Applies all migrations and returns the statements of each that change something.
async fn record_migrations(project: &Project, db: &DatabaseConnection) -> Result<Vec<Vec<String>>, Error> {
    let manager = SchemaManager::new(db);
    let mut all = Vec::new();
    for migration in (project.migrations)() {
        // sqlx logs a statement shortly after it completes; the ping makes sure that the last one is logged.
        let recording = record(async {
            migration.up(&manager).await?;
            db.ping().await
        });
        let (result, statements) = recording.await?;
        result?;
        all.push(statements.into_iter().filter(|sql| is_change(sql)).collect());
    }
    Ok(all)
}

/// Returns whether a statement does more than read or control the transaction.
fn is_change(sql: &str) -> bool {
    let first = sql.split_whitespace().next().unwrap_or_default().to_uppercase();
    !["SELECT", "PRAGMA", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", ""].contains(&first.as_str())
}
