//! Whether the migrations build what the entities describe, and whether a database has it.

use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::SchemaManager;

use crate::catalogue::{Catalogue, Difference, differences};
use crate::engine::Engine;
use crate::error::Error;
use crate::project::Project;
use crate::scratch::{Place, Scratch, connect};

/// Compares what the migrations build with what the entities describe.
pub(crate) async fn entities(project: &Project, places: &[Place]) -> Result<bool, Error> {
    let mut same = true;
    for place in places {
        let have = built(place, async |db| project.replay(db).await).await?;
        let want = built(place, async |db| project.describe(db).await).await?;
        let found = differences(&have, &want);
        // What is no table is made by migrations alone.
        let found: Vec<_> = found.into_iter().filter(Difference::is_of_table).collect();
        report(
            &found,
            &format!("{}: the entities describe what the migrations build", place.engine()),
        );
        same &= found.is_empty();
    }
    if !same {
        println!("\nTo write what is missing:\n\n    cargo migrate generate \"What changes\" --auto");
    }
    Ok(same)
}

/// Compares a database with what the migrations build.
pub(crate) async fn live(project: &Project, url: &str, places: &[Place]) -> Result<bool, Error> {
    let db = connect(url).await?;
    let is = Catalogue::read(&db).await?;
    db.close().await?;
    let Some(place) = places.iter().find(|place| place.engine() == is.engine) else {
        let why = format!(
            "nowhere to build a {} database to compare with: set MIGRATE_POSTGRES_URL",
            is.engine
        );
        return Err(Error::Usage(why));
    };
    let should = built(place, async |db| project.replay(db).await).await?;
    let found = differences(&is, &should);
    report(&found, "the database has what the migrations build");
    Ok(found.is_empty())
}

fn report(found: &[Difference], good: &str) {
    if found.is_empty() {
        println!("{good}");
    }
    for difference in found {
        println!("{difference}");
    }
}

/// Goes up migration by migration, down again and up again; each has to undo what it did.
pub(crate) async fn roundtrip(project: &Project, places: &[Place]) -> Result<(), Error> {
    for place in places {
        let scratch = Scratch::open(place).await?;
        let done = there_and_back(project, scratch.db(), place.engine()).await;
        scratch.close().await?;
        let count = done?;
        println!("{}: {count} migrations go up, down and up again", place.engine());
    }
    Ok(())
}

async fn there_and_back(project: &Project, db: &DatabaseConnection, engine: Engine) -> Result<usize, Error> {
    let migrations = (project.migrations)();
    let manager = SchemaManager::new(db);
    let mut steps = vec![Catalogue::read(db).await?];
    for migration in &migrations {
        migration.up(&manager).await?;
        steps.push(Catalogue::read(db).await?);
    }
    for (migration, before) in migrations.iter().zip(&steps).rev() {
        migration.down(&manager).await?;
        expect(db, before, engine, "way down").await?;
    }
    for (migration, after) in migrations.iter().zip(&steps[1..]) {
        migration.up(&manager).await?;
        expect(db, after, engine, "second way up").await?;
    }
    Ok(migrations.len())
}

async fn expect(db: &DatabaseConnection, want: &Catalogue, engine: Engine, way: &'static str) -> Result<(), Error> {
    let differences = differences(&Catalogue::read(db).await?, want);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::Unproved {
        engine,
        way,
        differences,
    })
}

/// The catalogue of a scratch database that was filled in this way.
async fn built(
    place: &Place,
    fill: impl AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
) -> Result<Catalogue, DbErr> {
    let scratch = Scratch::open(place).await?;
    let found = match fill(scratch.db()).await {
        Ok(()) => Catalogue::read(scratch.db()).await,
        Err(error) => Err(error),
    };
    scratch.close().await?;
    found
}
