//! Comparison of the migrations with the entities, and with a live database.

use sea_orm::DatabaseConnection;
use sea_orm_migration::SchemaManager;

use crate::error::Error;
use crate::introspect::{DatabaseSchema, Difference, differences};
use crate::plan::{expect_schema, introspect};
use crate::project::Project;
use crate::scratch::{ScratchDatabase, ScratchHost, connect};

/// Compares what the migrations build with what the entities describe, and returns whether they match.
pub(crate) async fn entities(project: &Project, hosts: &[ScratchHost]) -> Result<bool, Error> {
    let mut matches = true;
    for host in hosts {
        let actual = introspect(host, &async |db: &DatabaseConnection| project.replay(db).await, &[]).await?;
        let entities = async |db: &DatabaseConnection| project.create_from_entities(db).await;
        let desired = introspect(host, &entities, &[]).await?;
        let found = differences(&actual, &desired);
        // Entities describe tables only; migrations alone create everything else.
        let found: Vec<_> = found.into_iter().filter(Difference::is_in_table).collect();
        report(&found, &format!("{}: the migrations match the entities", host.engine()));
        matches &= found.is_empty();
    }
    if !matches {
        println!("\nTo write the missing migration, run:\n\n    cargo migrate generate \"Describe the change\" --auto");
    }
    Ok(matches)
}

/// Compares a live database with what the migrations build, and returns whether they match.
pub(crate) async fn live(project: &Project, url: &str, hosts: &[ScratchHost]) -> Result<bool, Error> {
    let db = connect(url).await?;
    let actual = DatabaseSchema::read(&db).await?;
    db.close().await?;
    let Some(host) = hosts.iter().find(|host| host.engine() == actual.engine) else {
        let why = format!(
            "comparing a {} database requires a scratch database; set MIGRATE_POSTGRES_URL to a server whose role may \
             create databases",
            actual.engine
        );
        return Err(Error::Usage(why));
    };
    let desired = introspect(host, &async |db: &DatabaseConnection| project.replay(db).await, &[]).await?;
    let found = differences(&actual, &desired);
    report(&found, "the database matches the migrations");
    Ok(found.is_empty())
}

fn report(found: &[Difference], success: &str) {
    if found.is_empty() {
        println!("{success}");
    }
    for difference in found {
        println!("{difference}");
    }
}

/// Runs each migration up, down and up again, and checks that `down` restores the schema and `up` reproduces it.
pub(crate) async fn roundtrip(project: &Project, hosts: &[ScratchHost]) -> Result<(), Error> {
    for host in hosts {
        let scratch = ScratchDatabase::create(host).await?;
        let result = roundtrip_on(project, scratch.db()).await;
        scratch.close().await?;
        let count = result?;
        println!("{}: ran {count} migrations up, down and up again", host.engine());
    }
    Ok(())
}

async fn roundtrip_on(project: &Project, db: &DatabaseConnection) -> Result<usize, Error> {
    let migrations = (project.migrations)();
    let manager = SchemaManager::new(db);
    let mut schemas = vec![DatabaseSchema::read(db).await?];
    for migration in &migrations {
        migration.up(&manager).await?;
        schemas.push(DatabaseSchema::read(db).await?);
    }
    for (migration, before) in migrations.iter().zip(&schemas).rev() {
        migration.down(&manager).await?;
        expect_schema(db, before, "`down`").await?;
    }
    for (migration, after) in migrations.iter().zip(&schemas[1..]) {
        migration.up(&manager).await?;
        expect_schema(db, after, "the second `up`").await?;
    }
    Ok(migrations.len())
}
