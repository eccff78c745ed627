//! Migrations without a transaction, which only PostgreSQL has: one that breaks off is found and explained.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use vestibule_migrate::{Error, Goal, Migrations, Options, Point, Runner, State, Verdict};
use vestibule_testing::postgres;

use crate::support::{Engine, Sql, TestDatabase, history, text};

const NOTES: Sql = Sql::new(
    "m1_notes",
    &[
        "CREATE TABLE notes (title TEXT)",
        "INSERT INTO notes VALUES ('same'), ('same')",
    ],
    &["DROP TABLE notes"],
);
const UNIQUE: Sql = Sql::new(
    "m2_unique",
    &[
        "CREATE TABLE begun (id INTEGER)",
        "CREATE UNIQUE INDEX CONCURRENTLY uq_notes_title ON notes (title)",
    ],
    &["DROP INDEX CONCURRENTLY uq_notes_title", "DROP TABLE begun"],
)
.outside();

history!(History: NOTES, UNIQUE);

/// Both kinds of migrations, each of which takes longer than the time limits of `STRICT` and notes whether the lock is
/// held meanwhile.
const SLOW: Sql = Sql::new(
    "m1_slow",
    &[
        "CREATE TABLE seen (locks BIGINT)",
        // The lock belongs to the transaction, not to the session, with which a pooler may serve other clients later.
        "SELECT pg_advisory_unlock_all()",
        "INSERT INTO seen SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        "SELECT pg_sleep(0.5)",
    ],
    &["DROP TABLE seen"],
);
const SLOW_OUTSIDE: Sql = Sql::new(
    "m2_slow_outside",
    &[
        "INSERT INTO seen SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        "SELECT pg_sleep(0.5)",
        "CREATE INDEX CONCURRENTLY ix_seen_locks ON seen (locks)",
    ],
    &["DROP INDEX CONCURRENTLY ix_seen_locks"],
)
.outside();

history!(Slow: SLOW, SLOW_OUTSIDE);

/// What a database may have been set to, and what no migration must suffer from.
const STRICT: &str = "DO $$ DECLARE setting text; BEGIN \
    FOREACH setting IN ARRAY ARRAY['statement_timeout = 200', 'lock_timeout = 200', \
    'idle_in_transaction_session_timeout = 200', 'default_transaction_isolation = serializable'] \
    LOOP EXECUTE format('ALTER DATABASE %I SET ', current_database()) || setting; END LOOP; END $$";

async fn database() -> Option<(TestDatabase, DatabaseConnection, Runner)> {
    postgres::server_url()?;
    let database = TestDatabase::new(Engine::Postgres).await;
    let db = database.connect().await;
    let runner = Runner::new(&db, Migrations::of::<History>());
    Some((database, db, runner))
}

#[tokio::test]
async fn it_runs_outside_and_is_written_down() {
    let Some((_database, db, runner)) = database().await else {
        return;
    };
    runner.up(Goal::Steps(1)).await.expect("applied");
    db.execute_unprepared("DELETE FROM notes").await.expect("deleted");
    assert_eq!(runner.up(Point::Head).await.expect("applied").len(), 1);
    assert_eq!(runner.down(Goal::Steps(1)).await.expect("undone").len(), 1);
    assert_eq!(text(&db, "SELECT to_regclass('begun')::text").await, "");
}

#[tokio::test]
async fn one_that_breaks_off_is_explained_until_somebody_has_seen_to_it() {
    let Some((_database, db, runner)) = database().await else {
        return;
    };
    let error = runner.up(Point::Head).await.expect_err("two rows are the same");
    assert!(matches!(error, Error::HalfWay(..)));
    for error in [error, runner.up(Point::Head).await.expect_err("it is in the way")] {
        let told = error.to_string();
        assert!(
            told.contains("`m2_unique` runs outside a transaction and was not applied to its end"),
            "{told}"
        );
        assert!(told.contains("to be dropped: uq_notes_title"), "{told}");
        assert!(told.contains("say `stamp m2_unique`"), "{told}");
        assert!(
            told.contains("say `stamp m1_notes`, after which `up` begins it anew"),
            "{told}"
        );
    }
    let status = runner.status().await.expect("read");
    assert_eq!(
        (status.entries[1].state, status.lacking(), status.verdict()),
        (State::Interrupted, 1, Verdict::Mismatch)
    );
    assert!(matches!(runner.down(Goal::Steps(1)).await, Err(Error::Interrupted(_))));

    // As it says: taken away by hand, and begun anew.
    let by_hand = "DROP INDEX uq_notes_title; DROP TABLE begun; DELETE FROM notes";
    db.execute_unprepared(by_hand).await.expect("taken away");
    runner.stamp(&Point::At("m1_notes".to_owned())).await.expect("said");
    assert_eq!(runner.up(Point::Head).await.expect("applied").len(), 1);
    assert_eq!(runner.status().await.expect("read").verdict(), Verdict::AtHead);
}

#[tokio::test]
async fn one_that_was_finished_by_hand_counts_as_applied() {
    let Some((_database, db, runner)) = database().await else {
        return;
    };
    runner.up(Point::Head).await.expect_err("two rows are the same");
    let by_hand = "DROP INDEX uq_notes_title; DELETE FROM notes; CREATE UNIQUE INDEX uq_notes_title ON notes (title)";
    db.execute_unprepared(by_hand).await.expect("finished");
    runner.stamp(&Point::At("m2_unique".to_owned())).await.expect("said");
    assert_eq!(runner.up(Point::Head).await.expect("nothing to do"), []);

    // The way back breaks off as well.
    db.execute_unprepared("DROP TABLE begun").await.expect("dropped");
    let told = runner.down(Goal::Steps(1)).await.expect_err("half undone").to_string();
    assert!(told.contains("was not undone to its end"), "{told}");
    assert!(matches!(runner.up(Point::Head).await, Err(Error::Interrupted(_))));
    runner.stamp(&Point::At("m1_notes".to_owned())).await.expect("said");
    assert_eq!(runner.status().await.expect("read").verdict(), Verdict::Pending);
}

#[tokio::test]
async fn migrations_hold_the_lock_and_have_no_time_limit() {
    let Some((database, db, _)) = database().await else {
        return;
    };
    db.execute_unprepared(STRICT).await.expect("set");
    let db = database.connect().await;
    let runner = Runner::new(&db, Migrations::of::<Slow>());
    assert_eq!(runner.up(Point::Head).await.expect("applied").len(), 2);
    let seen = "SELECT string_agg(locks::text, ' ') FROM seen";
    assert_eq!(
        text(&db, seen).await,
        "1 1",
        "one lock, inside and outside a transaction"
    );
    assert_eq!(runner.down(Point::Base).await.expect("undone").len(), 2);
}

/// While instances are replaced, versions that hold the lock for a whole session and this one may start together.
#[tokio::test]
async fn the_lock_of_earlier_versions_is_respected() {
    let Some((database, db, runner)) = database().await else {
        return;
    };
    runner.up(Goal::Steps(1)).await.expect("applied");
    db.execute_unprepared("DELETE FROM notes").await.expect("deleted");
    let earlier = sea_orm::Database::connect(
        sea_orm::ConnectOptions::new(&database.url)
            .max_connections(1)
            .to_owned(),
    );
    let earlier = earlier.await.expect("opened");
    // The key of the table `seaql_migrations`.
    let locked = "SELECT pg_advisory_lock(('x' || left(encode(sha256('vestibule-migrate/seaql_migrations'), 'hex'), 16))::bit(64)::bigint)";
    earlier.execute_unprepared(locked).await.expect("locked");
    let options = Options {
        lock_timeout: Duration::from_millis(300),
        ..Options::default()
    };
    let impatient = Runner::new(&db, Migrations::of::<History>()).with_options(options);
    let error = impatient.up(Point::Head).await.expect_err("locked");
    assert!(matches!(error, Error::Locked { .. }), "{error}");
    earlier.close().await.expect("closed");
    assert_eq!(runner.up(Point::Head).await.expect("applied").len(), 1);
    let held = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(text(&db, held).await, "0", "nothing outlives the migrations");
}
