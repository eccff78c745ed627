//! The SQL of migrations, for people who apply it by hand.

use sea_orm::DatabaseConnection;
use sea_orm_migration::SchemaManager;
use vestibule_migrate::Point;

use crate::engine::Engine;
use crate::error::Error;
use crate::project::Project;
use crate::record::record;
use crate::scratch::{Place, Scratch};

/// Prints what the migrations after `from` and up to `to` tell a database.
pub(crate) async fn print(project: &Project, place: &Place, from: Option<&str>, to: Option<&str>) -> Result<(), Error> {
    for (name, statements) in between(project, place, from, to).await? {
        println!("-- {name}");
        if place.engine() == Engine::Sqlite {
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

/// The statements of each migration after `from` and up to `to`, as they run on the schema before it.
pub(crate) async fn between(
    project: &Project,
    place: &Place,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<Vec<(String, Vec<String>)>, Error> {
    let list = (project.list)();
    let count = |point: Option<&str>, otherwise| {
        let count = point.map_or(otherwise, Point::from).count(&list);
        count.map_err(|error| Error::Usage(error.to_string()))
    };
    let (first, last) = (count(from, Point::Base)?, count(to, Point::Head)?);
    let scratch = Scratch::open(place).await?;
    let found = statements(project, scratch.db()).await;
    scratch.close().await?;
    let found = list.names().map(str::to_owned).zip(found?);
    Ok(found.take(last).skip(first).collect())
}

/// What each migration tells a database that has those before it.
async fn statements(project: &Project, db: &DatabaseConnection) -> Result<Vec<Vec<String>>, Error> {
    let manager = SchemaManager::new(db);
    let mut all = Vec::new();
    for migration in (project.migrations)() {
        // The last statement is told a little after it is answered; a ping is answered after it is told.
        let told = record(async {
            migration.up(&manager).await?;
            db.ping().await
        });
        let (done, statements) = told.await?;
        done?;
        all.push(statements.into_iter().filter(|sql| changes(sql)).collect());
    }
    Ok(all)
}

/// Whether a statement does more than to look.
fn changes(sql: &str) -> bool {
    let first = sql.split_whitespace().next().unwrap_or_default().to_uppercase();
    !["SELECT", "PRAGMA", "BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", ""].contains(&first.as_str())
}
