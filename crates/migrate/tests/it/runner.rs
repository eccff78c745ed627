//! The runner, verified in the database and with SeaORM's own status.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use sea_orm_migration::{MigrationStatus, MigratorTrait};
use vestibule_migrate::{Error, MigrationState, Migrations, Options, Position, Runner, SchemaState, Target};

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
const FAILING: Sql = Sql::new(
    "m3_links",
    &["CREATE TABLE links (url TEXT)", "INSERT INTO nowhere VALUES (1)"],
    &[],
);

history!(One: NOTES);
history!(Two: NOTES, TAGS);
history!(Three: NOTES, TAGS, LINKS);
history!(WithoutTags: NOTES, LINKS);
history!(Failing: NOTES, TAGS, FAILING);

on_each_database!(
    up_down_and_redo_agree_with_seaorm_status,
    migrations_applied_by_seaorm_are_adopted,
    edited_file_is_reported_as_changed,
    out_of_order_migration_is_rejected,
    newer_database_is_accepted,
    failed_migration_is_rolled_back_and_earlier_ones_remain,
    stamp_records_without_running,
    partial_names_must_be_unique,
);

fn runner<M: MigratorTrait>(db: &DatabaseConnection) -> Runner {
    Runner::new(db, Migrations::of::<M>())
}

async fn states(runner: &Runner) -> Vec<MigrationState> {
    let status = runner.status().await.expect("read");
    status.entries.iter().map(|entry| entry.state).collect()
}

/// Returns which migrations SeaORM's own runner considers applied.
async fn by_seaorm<M: MigratorTrait>(db: &DatabaseConnection) -> Vec<bool> {
    let found = M::get_migration_with_status(db).await.expect("read");
    found
        .iter()
        .map(|one| one.status() == MigrationStatus::Applied)
        .collect()
}

async fn up_down_and_redo_agree_with_seaorm_status(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let runner = runner::<Three>(&db);
    assert_eq!(states(&runner).await, [MigrationState::Pending; 3]);
    assert_eq!(
        runner.status().await.expect("read").schema_state(),
        SchemaState::Pending
    );

    let first = runner.up(Target::Steps(2)).await.expect("applied");
    assert_eq!(
        first.iter().map(|step| &*step.migration).collect::<Vec<_>>(),
        ["m1_notes", "m2_tags"]
    );
    assert_eq!(by_seaorm::<Three>(&db).await, [true, true, false]);
    assert_eq!(runner.up(Position::Head).await.expect("applied").len(), 1);
    assert_eq!(runner.up(Position::Head).await.expect("nothing to do"), []);
    Three::up(&db, None).await.expect("nothing to do for SeaORM either");
    assert_eq!(text(&db, "SELECT title FROM notes").await, "one");
    assert_eq!(runner.status().await.expect("read").schema_state(), SchemaState::AtHead);

    assert_eq!(
        runner
            .down(Position::At("m1_notes".to_owned()))
            .await
            .expect("undone")
            .len(),
        2
    );
    assert_eq!(by_seaorm::<Three>(&db).await, [true, false, false]);
    assert_eq!(runner.redo().await.expect("undone and applied").len(), 2);
    assert_eq!(runner.down(Position::Base).await.expect("undone").len(), 1);
    assert_eq!(states(&runner).await, [MigrationState::Pending; 3]);
    assert!(matches!(runner.redo().await, Err(Error::NothingApplied)));
}

async fn migrations_applied_by_seaorm_are_adopted(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    Two::up(&db, None).await.expect("applied by SeaORM");
    let runner = Runner::new(
        &db,
        Migrations::of::<Three>().with_sources(&[("m1_notes", "one"), ("m2_tags", "two")]),
    );
    assert_eq!(
        states(&runner).await,
        [
            MigrationState::Applied,
            MigrationState::Applied,
            MigrationState::Pending
        ]
    );
    runner.up(Position::Head).await.expect("applied");
    let query = "SELECT count(*) || ' ' || min(length(checksum)) FROM migration_ledger WHERE how = 'adopted'";
    assert_eq!(text(&db, query).await, "2 64");
    Three::down(&db, None).await.expect("undone by SeaORM");
    assert_eq!(states(&runner).await, [MigrationState::Pending; 3]);
    runner.up(Position::Head).await.expect("applied again");
    assert_eq!(states(&runner).await, [MigrationState::Applied; 3]);
}

async fn edited_file_is_reported_as_changed(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let with = |text| Runner::new(&db, Migrations::of::<Two>().with_sources(&[("m1_notes", text)]));
    with("before").up(Target::Steps(1)).await.expect("applied");
    assert_eq!(
        states(&with("before")).await,
        [MigrationState::Applied, MigrationState::Pending]
    );
    let edited = with("after");
    assert_eq!(
        states(&edited).await,
        [MigrationState::Changed, MigrationState::Pending]
    );
    assert_eq!(edited.up(Position::Head).await.expect("applied").len(), 1);
    assert_eq!(
        edited.status().await.expect("read").schema_state(),
        SchemaState::Mismatch
    );
    edited.stamp(&Position::Head).await.expect("stamped");
    assert_eq!(
        states(&edited).await,
        [MigrationState::Applied, MigrationState::Applied]
    );
}

async fn out_of_order_migration_is_rejected(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    runner::<WithoutTags>(&db).up(Position::Head).await.expect("applied");
    let runner = runner::<Three>(&db);
    assert_eq!(
        states(&runner).await,
        [
            MigrationState::Applied,
            MigrationState::OutOfOrder,
            MigrationState::Applied
        ]
    );
    assert_eq!(
        runner.status().await.expect("read").schema_state(),
        SchemaState::Mismatch
    );
    let error = runner.up(Position::Head).await.expect_err("rejected").to_string();
    assert!(
        error.contains("`m2_tags` is pending but older than `m3_links`"),
        "{error}"
    );
    let options = Options {
        allow_out_of_order: true,
        ..Options::default()
    };
    let runner = runner.with_options(options);
    assert_eq!(runner.up(Position::Head).await.expect("applied").len(), 1);
    assert_eq!(states(&runner).await, [MigrationState::Applied; 3]);

    // An applied migration of another branch, unknown to this program, is newer.
    let branch = self::runner::<Two>(&db);
    branch
        .stamp(&Position::At("m1_notes".to_owned()))
        .await
        .expect("stamped");
    let error = branch.up(Position::Head).await.expect_err("rejected");
    assert!(matches!(error, Error::OutOfOrder { .. }), "{error}");
}

async fn newer_database_is_accepted(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    runner::<Three>(&db).up(Position::Head).await.expect("applied");
    let old = runner::<One>(&db);
    assert_eq!(old.up(Position::Head).await.expect("nothing to do"), []);
    let status = old.status().await.expect("read");
    assert_eq!(
        (status.pending_count(), status.schema_state()),
        (0, SchemaState::Mismatch)
    );
    assert_eq!(
        states(&old).await,
        [
            MigrationState::Applied,
            MigrationState::Unknown,
            MigrationState::Unknown
        ]
    );
    let error = old.down(Target::Steps(1)).await.expect_err("rejected").to_string();
    assert!(error.contains("does not know: m2_tags, m3_links"), "{error}");
    assert_eq!(text(&db, "SELECT title FROM notes").await, "one");
}

async fn failed_migration_is_rolled_back_and_earlier_ones_remain(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let error = runner::<Failing>(&db).up(Position::Head).await.expect_err("it fails");
    let message = error.to_string();
    assert!(message.contains("`m3_links` could not be applied on "), "{message}");
    assert!(message.contains("was rolled back"), "{message}");
    assert!(message.contains("remain in effect: m1_notes, m2_tags."), "{message}");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("nowhere"), "{cause}");
    assert!(
        db.execute_unprepared("SELECT * FROM links").await.is_err(),
        "its changes are rolled back"
    );
    assert_eq!(
        states(&runner::<Failing>(&db)).await,
        [
            MigrationState::Applied,
            MigrationState::Applied,
            MigrationState::Pending
        ]
    );
    assert_eq!(runner::<Three>(&db).up(Position::Head).await.expect("applied").len(), 1);
}

async fn stamp_records_without_running(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let runner = runner::<Three>(&db);
    runner.stamp(&Position::At("m2".to_owned())).await.expect("stamped");
    assert_eq!(
        states(&runner).await,
        [
            MigrationState::Applied,
            MigrationState::Applied,
            MigrationState::Pending
        ]
    );
    assert!(
        db.execute_unprepared("SELECT * FROM notes").await.is_err(),
        "no migration ran"
    );
    runner.stamp(&Position::Base).await.expect("stamped");
    assert_eq!(by_seaorm::<Three>(&db).await, [false; 3]);
}

async fn partial_names_must_be_unique(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let runner = runner::<Three>(&db);
    let to = |name: &str| Position::At(name.to_owned());
    assert_eq!(runner.up(to("tags")).await.expect("applied").len(), 2);
    assert!(matches!(runner.up(to("m")).await, Err(Error::Ambiguous { .. })));
    assert!(matches!(runner.up(to("users")).await, Err(Error::NoSuchMigration(_))));
}
