//! Migrations outside a transaction, which only PostgreSQL has, and their recovery after an interruption.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use vestibule_migrate::{Error, MigrationState, Migrations, Options, Position, Runner, SchemaState, Target};
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
        "CREATE TABLE partial (id INTEGER)",
        "CREATE UNIQUE INDEX CONCURRENTLY uq_notes_title ON notes (title)",
    ],
    &["DROP INDEX CONCURRENTLY uq_notes_title", "DROP TABLE partial"],
)
.outside();

history!(History: NOTES, UNIQUE);

/// Migrations inside and outside a transaction that run longer than the time limits of `STRICT` and count the held locks.
const SLOW: Sql = Sql::new(
    "m1_slow",
    &[
        "CREATE TABLE seen (locks BIGINT)",
        // The lock belongs to the transaction, so unlocking those of the database session has no effect on it.
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

/// Settings of a database that migrations must not be subject to.
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
async fn up_and_down_run_outside_a_transaction() {
    let Some((_database, db, runner)) = database().await else {
        return;
    };
    runner.up(Target::Steps(1)).await.expect("applied");
    db.execute_unprepared("DELETE FROM notes").await.expect("deleted");
    assert_eq!(runner.up(Position::Head).await.expect("applied").len(), 1);
    assert_eq!(runner.down(Target::Steps(1)).await.expect("undone").len(), 1);
    assert_eq!(text(&db, "SELECT to_regclass('partial')::text").await, "");
}

#[tokio::test]
async fn interrupted_migration_blocks_until_stamped_as_undone() {
    let Some((_database, db, runner)) = database().await else {
        return;
    };
    let error = runner.up(Position::Head).await.expect_err("duplicate rows");
    assert!(matches!(error, Error::PartiallyApplied(..)));
    for error in [error, runner.up(Position::Head).await.expect_err("interrupted")] {
        let message = error.to_string();
        assert!(
            message.contains("`m2_unique` runs outside a transaction and was only partially applied"),
            "{message}"
        );
        assert!(
            message.contains("drop these invalid indexes: uq_notes_title"),
            "{message}"
        );
        assert!(message.contains("run `stamp m2_unique`"), "{message}");
        assert!(
            message.contains("run `stamp m1_notes`, and run `up` again"),
            "{message}"
        );
    }
    let status = runner.status().await.expect("read");
    assert_eq!(
        (status.entries[1].state, status.pending_count(), status.schema_state()),
        (MigrationState::Interrupted, 1, SchemaState::Mismatch)
    );
    assert!(matches!(
        runner.down(Target::Steps(1)).await,
        Err(Error::Interrupted(_))
    ));

    // Follows the message: undoes the migration manually, stamps and runs it again.
    let cleanup = "DROP INDEX uq_notes_title; DROP TABLE partial; DELETE FROM notes";
    db.execute_unprepared(cleanup).await.expect("undone");
    runner
        .stamp(&Position::At("m1_notes".to_owned()))
        .await
        .expect("stamped");
    assert_eq!(runner.up(Position::Head).await.expect("applied").len(), 1);
    assert_eq!(runner.status().await.expect("read").schema_state(), SchemaState::AtHead);
}

#[tokio::test]
async fn interrupted_migration_finished_manually_is_stamped_as_applied() {
    let Some((_database, db, runner)) = database().await else {
        return;
    };
    runner.up(Position::Head).await.expect_err("duplicate rows");
    let finish = "DROP INDEX uq_notes_title; DELETE FROM notes; CREATE UNIQUE INDEX uq_notes_title ON notes (title)";
    db.execute_unprepared(finish).await.expect("finished");
    runner
        .stamp(&Position::At("m2_unique".to_owned()))
        .await
        .expect("stamped");
    assert_eq!(runner.up(Position::Head).await.expect("nothing to do"), []);

    // `down` is interrupted too.
    db.execute_unprepared("DROP TABLE partial").await.expect("dropped");
    let error = runner
        .down(Target::Steps(1))
        .await
        .expect_err("partially undone")
        .to_string();
    assert!(error.contains("was only partially undone"), "{error}");
    assert!(matches!(runner.up(Position::Head).await, Err(Error::Interrupted(_))));
    runner
        .stamp(&Position::At("m1_notes".to_owned()))
        .await
        .expect("stamped");
    assert_eq!(
        runner.status().await.expect("read").schema_state(),
        SchemaState::Pending
    );
}

#[tokio::test]
async fn migrations_hold_the_lock_and_have_no_time_limit() {
    let Some((database, db, _)) = database().await else {
        return;
    };
    db.execute_unprepared(STRICT).await.expect("set");
    let db = database.connect().await;
    let runner = Runner::new(&db, Migrations::of::<Slow>());
    assert_eq!(runner.up(Position::Head).await.expect("applied").len(), 2);
    let seen = "SELECT string_agg(locks::text, ' ') FROM seen";
    assert_eq!(
        text(&db, seen).await,
        "1 1",
        "one lock, inside and outside a transaction"
    );
    assert_eq!(runner.down(Position::Base).await.expect("undone").len(), 2);
}

/// During a rolling update, earlier versions, which hold the lock for a whole database session, may start at the same time.
#[tokio::test]
async fn lock_of_earlier_versions_is_respected() {
    let Some((database, db, runner)) = database().await else {
        return;
    };
    runner.up(Target::Steps(1)).await.expect("applied");
    db.execute_unprepared("DELETE FROM notes").await.expect("deleted");
    let earlier = sea_orm::Database::connect(
        sea_orm::ConnectOptions::new(&database.url)
            .max_connections(1)
            .to_owned(),
    );
    let earlier = earlier.await.expect("opened");
    // The lock key for the table `seaql_migrations`.
    let locked = "SELECT pg_advisory_lock(('x' || left(encode(sha256('vestibule-migrate/seaql_migrations'), 'hex'), 16))::bit(64)::bigint)";
    earlier.execute_unprepared(locked).await.expect("locked");
    let options = Options {
        lock_timeout: Duration::from_millis(300),
        ..Options::default()
    };
    let waiting = Runner::new(&db, Migrations::of::<History>()).with_options(options);
    let error = waiting.up(Position::Head).await.expect_err("locked");
    assert!(matches!(error, Error::Locked { .. }), "{error}");
    earlier.close().await.expect("closed");
    assert_eq!(runner.up(Position::Head).await.expect("applied").len(), 1);
    let held = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    // PostgreSQL releases the locks of a closed connection a moment later.
    for _ in 0..100 {
        if text(&db, held).await == "0" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a lock remains");
}
