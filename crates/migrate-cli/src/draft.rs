//! A migration that has been found and proved.

use std::collections::BTreeSet;

use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::SchemaManager;

use crate::catalogue::{Catalogue, differences};
use crate::code::{Action, Names, Step, migration, steps};
use crate::engine::Engine;
use crate::error::Error;
use crate::plan::{Answers, Op, Question, diff, inverse, renames};
use crate::scratch::{Place, Scratch};

/// What leads from one schema to another and back.
pub struct Draft {
    up: Vec<Step>,
    down: Vec<Step>,
    /// What the entities do not stand for and the migrations leave as it is.
    pub notes: BTreeSet<String>,
}

/// What one engine has to do.
struct Found {
    ops: Vec<Op>,
    want: Catalogue,
}

impl Draft {
    /// Finds what leads from the schema that `have` builds to the one that `want` builds, and proves it in
    /// scratch databases: the way up comes to what is wanted, and the way down back to what was there.
    ///
    /// # Errors
    /// Something has to be decided, cannot be done or cannot be proved, or a database refuses.
    pub async fn new<H, W>(places: &[Place], have: H, want: W, answers: &Answers) -> Result<Self, Error>
    where
        H: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
        W: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
    {
        let (mut found, mut notes, mut questions) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for place in places {
            let want = read(place, &want, &[]).await?;
            let renames = renames(answers);
            let moves = actions(&one_sided(place.engine(), &renames)?, place.engine());
            let have = read(place, &have, &moves).await?;
            let lost = differences(&have, &want)
                .into_iter()
                .filter(|difference| !difference.is_of_table());
            notes.extend(lost.map(|difference| difference.to_string()));
            match diff(&have, &want, answers) {
                Ok(ops) => found.push((
                    place,
                    Found {
                        ops: [renames, ops].concat(),
                        want,
                    },
                )),
                Err(asked) => questions.extend(asked),
            }
        }
        if let Some(Question::ByHand(why)) = questions.iter().find(|q| matches!(q, Question::ByHand(_))) {
            return Err(Error::ByHand(why.clone()));
        }
        if !questions.is_empty() {
            return Err(Error::Undecided(questions.into_iter().collect()));
        }
        let draft = Self::of(&found, notes)?;
        for (place, found) in found {
            draft.prove(place, &have, found.want).await?;
        }
        Ok(draft)
    }

    fn of(found: &[(&Place, Found)], notes: BTreeSet<String>) -> Result<Self, Error> {
        let ops = |engine: Engine| {
            let found = found.iter().find(|(place, _)| place.engine() == engine);
            found.map(|(_, found)| found.ops.as_slice())
        };
        let (sqlite, postgres) = (ops(Engine::Sqlite), ops(Engine::Postgres));
        let (back, postgres_back) = (sqlite.map(inverse), postgres.map(inverse));
        Ok(Self {
            up: steps(sqlite, postgres).map_err(Error::ByHand)?,
            down: steps(back.as_deref(), postgres_back.as_deref()).map_err(Error::ByHand)?,
            notes,
        })
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Engine::ALL.iter().all(|engine| actions(&self.up, *engine).is_empty())
    }

    /// Goes up and down again in a scratch database.
    async fn prove<H>(&self, place: &Place, have: &H, mut want: Catalogue) -> Result<(), Error>
    where
        H: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
    {
        let scratch = Scratch::open(place).await?;
        let proof = async {
            have(scratch.db()).await?;
            let before = Catalogue::read(scratch.db()).await?;
            want.others.clone_from(&before.others);
            self.up(scratch.db()).await?;
            compare(scratch.db(), &want, "way up").await?;
            self.down(scratch.db()).await?;
            compare(scratch.db(), &before, "way down").await
        };
        let proved = proof.await;
        scratch.close().await?;
        proved
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn up(&self, db: &DatabaseConnection) -> Result<(), Error> {
        run(&self.up, db, "way up").await
    }

    /// Undoes the changes.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn down(&self, db: &DatabaseConnection) -> Result<(), Error> {
        run(&self.down, db, "way down").await
    }

    /// The source of the migration under this message, made at this time in seconds since 1970, and the name
    /// of its file without the ending.
    #[must_use]
    pub fn source(&self, message: &str, seconds: u64) -> (String, String) {
        let names = Names::new(message, seconds);
        (names.module.clone(), migration(&names, &self.up, &self.down))
    }
}

/// The source of a migration that does nothing yet, and the name of its file without the ending.
#[must_use]
pub fn blank(message: &str, seconds: u64) -> (String, String) {
    let names = Names::new(message, seconds);
    (names.module.clone(), migration(&names, &[], &[]))
}

fn actions(steps: &[Step], engine: Engine) -> Vec<Action> {
    steps.iter().flat_map(|step| step.actions(engine)).collect()
}

fn one_sided(engine: Engine, ops: &[Op]) -> Result<Vec<Step>, Error> {
    let ops = |counts: bool| counts.then_some(ops);
    steps(ops(engine == Engine::Sqlite), ops(engine == Engine::Postgres)).map_err(Error::ByHand)
}

/// The catalogue of a scratch database that was filled and changed in this way.
async fn read<F>(place: &Place, fill: &F, moves: &[Action]) -> Result<Catalogue, DbErr>
where
    F: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
{
    let scratch = Scratch::open(place).await?;
    let reading = async {
        fill(scratch.db()).await?;
        let manager = SchemaManager::new(scratch.db());
        for action in moves {
            action.run(&manager).await?;
        }
        Catalogue::read(scratch.db()).await
    };
    let found = reading.await;
    scratch.close().await?;
    found
}

async fn run(steps: &[Step], db: &DatabaseConnection, way: &'static str) -> Result<(), Error> {
    let engine = engine(db)?;
    let manager = SchemaManager::new(db);
    for action in actions(steps, engine) {
        let done = action.run(&manager).await;
        done.map_err(|source| Error::Failed { engine, way, source })?;
    }
    Ok(())
}

async fn compare(db: &DatabaseConnection, want: &Catalogue, way: &'static str) -> Result<(), Error> {
    let differences = differences(&Catalogue::read(db).await?, want);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::Unproved {
        engine: want.engine,
        way,
        differences,
    })
}

fn engine(db: &DatabaseConnection) -> Result<Engine, Error> {
    let backend = db.get_database_backend();
    Engine::of(backend).ok_or_else(|| Error::Usage(format!("{backend:?} is not supported")))
}
