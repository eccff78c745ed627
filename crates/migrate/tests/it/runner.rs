//! What the runner does, seen in the database and by SeaORM's own reader.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use sea_orm_migration::{MigrationStatus, MigratorTrait};
use vestibule_migrate::{Error, Goal, Migrations, Options, Point, Runner, State, Verdict};

use crate::support::{Engine, Sql, TestDatabase, history, on_each_database, text};

const NOTES: Sql = Sql::new(
    "m1_notes",
    &[
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT)",
        "INSERT INTO notes VALUES (1, 'one')",
    ],
    &["DROP TABLE notes"],
);
const TAGS: Sql = Sql::new(
    "m2_tags",
    &["CREATE TABLE tags (name TEXT PRIMARY KEY)"],
    &["DROP TABLE tags"],
);
const LINKS: Sql = Sql::new("m3_links", &["CREATE TABLE links (url TEXT)"], &["DROP TABLE links"]);
const WRONG: Sql = Sql::new(
    "m3_links",
    &["CREATE TABLE links (url TEXT)", "INSERT INTO nowhere VALUES (1)"],
    &[],
);

history!(One: NOTES);
history!(Two: NOTES, TAGS);
history!(Three: NOTES, TAGS, LINKS);
history!(Late: NOTES, LINKS);
history!(Broken: NOTES, TAGS, WRONG);

on_each_database!(
    each_is_applied_once_and_seaorm_reads_the_same,
    what_seaorm_has_applied_is_adopted,
    a_file_that_was_edited_shows,
    one_that_comes_late_is_refused,
    a_newer_database_is_no_obstacle,
    one_that_fails_leaves_nothing_and_those_before_it,
    a_stamp_writes_down_and_runs_nothing,
    names_may_be_cut_and_not_be_unclear,
);

fn runner<M: MigratorTrait>(db: &DatabaseConnection) -> Runner {
    Runner::new(db, Migrations::of::<M>())
}

async fn states(runner: &Runner) -> Vec<State> {
    let status = runner.status().await.expect("read");
    status.entries.iter().map(|entry| entry.state).collect()
}

/// What SeaORM's own runner takes for applied.
async fn by_seaorm<M: MigratorTrait>(db: &DatabaseConnection) -> Vec<bool> {
    let found = M::get_migration_with_status(db).await.expect("read");
    found
        .iter()
        .map(|one| one.status() == MigrationStatus::Applied)
        .collect()
}

async fn each_is_applied_once_and_seaorm_reads_the_same(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let runner = runner::<Three>(&db);
    assert_eq!(states(&runner).await, [State::Pending; 3]);
    assert_eq!(runner.status().await.expect("read").verdict(), Verdict::Pending);

    let first = runner.up(Goal::Steps(2)).await.expect("applied");
    assert_eq!(
        first.iter().map(|step| &*step.migration).collect::<Vec<_>>(),
        ["m1_notes", "m2_tags"]
    );
    assert_eq!(by_seaorm::<Three>(&db).await, [true, true, false]);
    assert_eq!(runner.up(Point::Head).await.expect("applied").len(), 1);
    assert_eq!(runner.up(Point::Head).await.expect("nothing to do"), []);
    Three::up(&db, None).await.expect("nothing to do for SeaORM either");
    assert_eq!(text(&db, "SELECT title FROM notes").await, "one");
    assert_eq!(runner.status().await.expect("read").verdict(), Verdict::AtHead);

    assert_eq!(
        runner
            .down(Point::At("m1_notes".to_owned()))
            .await
            .expect("undone")
            .len(),
        2
    );
    assert_eq!(by_seaorm::<Three>(&db).await, [true, false, false]);
    assert_eq!(runner.redo().await.expect("undone and applied").len(), 2);
    assert_eq!(runner.down(Point::Base).await.expect("undone").len(), 1);
    assert_eq!(states(&runner).await, [State::Pending; 3]);
    assert!(matches!(runner.redo().await, Err(Error::NothingApplied)));
}

async fn what_seaorm_has_applied_is_adopted(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    Two::up(&db, None).await.expect("applied by SeaORM");
    let runner = Runner::new(
        &db,
        Migrations::of::<Three>().with_sources(&[("m1_notes", "one"), ("m2_tags", "two")]),
    );
    assert_eq!(states(&runner).await, [State::Applied, State::Applied, State::Pending]);
    runner.up(Point::Head).await.expect("applied");
    let found = "SELECT count(*) || ' ' || min(length(checksum)) FROM migration_ledger WHERE how = 'adopted'";
    assert_eq!(text(&db, found).await, "2 64");
    Three::down(&db, None).await.expect("undone by SeaORM");
    assert_eq!(states(&runner).await, [State::Pending; 3]);
    runner.up(Point::Head).await.expect("applied again");
    assert_eq!(states(&runner).await, [State::Applied; 3]);
}

async fn a_file_that_was_edited_shows(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let with = |text| Runner::new(&db, Migrations::of::<Two>().with_sources(&[("m1_notes", text)]));
    with("before").up(Goal::Steps(1)).await.expect("applied");
    assert_eq!(states(&with("before")).await, [State::Applied, State::Pending]);
    let edited = with("after");
    assert_eq!(states(&edited).await, [State::Changed, State::Pending]);
    assert_eq!(edited.up(Point::Head).await.expect("goes on").len(), 1);
    assert_eq!(edited.status().await.expect("read").verdict(), Verdict::Mismatch);
    edited.stamp(&Point::Head).await.expect("accepted");
    assert_eq!(states(&edited).await, [State::Applied, State::Applied]);
}

async fn one_that_comes_late_is_refused(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    runner::<Late>(&db).up(Point::Head).await.expect("applied");
    let runner = runner::<Three>(&db);
    assert_eq!(
        states(&runner).await,
        [State::Applied, State::OutOfOrder, State::Applied]
    );
    assert_eq!(runner.status().await.expect("read").verdict(), Verdict::Mismatch);
    let error = runner.up(Point::Head).await.expect_err("refused").to_string();
    assert!(
        error.contains("`m2_tags` is pending and older than `m3_links`"),
        "{error}"
    );
    let options = Options {
        allow_out_of_order: true,
        ..Options::default()
    };
    let runner = runner.with_options(options);
    assert_eq!(runner.up(Point::Head).await.expect("applied").len(), 1);
    assert_eq!(states(&runner).await, [State::Applied; 3]);

    // Of another branch, which this program does not know.
    let branch = self::runner::<Two>(&db);
    branch.stamp(&Point::At("m1_notes".to_owned())).await.expect("written");
    let error = branch.up(Point::Head).await.expect_err("refused");
    assert!(matches!(error, Error::OutOfOrder { .. }), "{error}");
}

async fn a_newer_database_is_no_obstacle(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    runner::<Three>(&db).up(Point::Head).await.expect("applied");
    let old = runner::<One>(&db);
    assert_eq!(old.up(Point::Head).await.expect("nothing to do"), []);
    let status = old.status().await.expect("read");
    assert_eq!((status.lacking(), status.verdict()), (0, Verdict::Mismatch));
    assert_eq!(states(&old).await, [State::Applied, State::Unknown, State::Unknown]);
    let error = old.down(Goal::Steps(1)).await.expect_err("refused").to_string();
    assert!(error.contains("come later: m2_tags, m3_links"), "{error}");
    assert_eq!(text(&db, "SELECT title FROM notes").await, "one");
}

async fn one_that_fails_leaves_nothing_and_those_before_it(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let error = runner::<Broken>(&db).up(Point::Head).await.expect_err("it fails");
    let told = error.to_string();
    assert!(told.contains("`m3_links` could not be applied on "), "{told}");
    assert!(
        told.contains("Nothing of it is in the database, and what was done before it stays: m1_notes, m2_tags."),
        "{told}"
    );
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("nowhere"), "{cause}");
    assert!(
        db.execute_unprepared("SELECT * FROM links").await.is_err(),
        "nothing of it is there"
    );
    assert_eq!(
        states(&runner::<Broken>(&db)).await,
        [State::Applied, State::Applied, State::Pending]
    );
    assert_eq!(runner::<Three>(&db).up(Point::Head).await.expect("put right").len(), 1);
}

async fn a_stamp_writes_down_and_runs_nothing(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let runner = runner::<Three>(&db);
    runner.stamp(&Point::At("m2".to_owned())).await.expect("written");
    assert_eq!(states(&runner).await, [State::Applied, State::Applied, State::Pending]);
    assert!(
        db.execute_unprepared("SELECT * FROM notes").await.is_err(),
        "nothing was run"
    );
    runner.stamp(&Point::Base).await.expect("written");
    assert_eq!(by_seaorm::<Three>(&db).await, [false; 3]);
}

async fn names_may_be_cut_and_not_be_unclear(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let runner = runner::<Three>(&db);
    let to = |name: &str| Point::At(name.to_owned());
    assert_eq!(runner.up(to("tags")).await.expect("applied").len(), 2);
    assert!(matches!(runner.up(to("m")).await, Err(Error::Ambiguous { .. })));
    assert!(matches!(runner.up(to("users")).await, Err(Error::NoSuchMigration(_))));
}
