//! A database for a test.

use tempfile::TempDir;
use vestibule_migrate::{Position, Runner};
use vestibule_migration::Migrator;
use vestibule_persistence::{DatabaseOptions, SeaStore};

use crate::postgres;

/// The database engine of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite in memory, with one connection. A use case that reads outside its own transaction waits for itself and
    /// fails.
    SqliteMemory,
    /// SQLite in a file, with one writer and several readers.
    SqliteFile,
    /// PostgreSQL.
    Postgres,
    /// PostgreSQL with two instances of the server, which clients use alternately.
    PostgresPair,
}

impl Engine {
    const fn is_postgres(self) -> bool {
        matches!(self, Self::Postgres | Self::PostgresPair)
    }
}

/// A database with all migrations, which is deleted at the end of the test.
pub struct TestDatabase {
    url: String,
    store: SeaStore,
    _guard: Guard,
}

/// Deletes the database when it is dropped.
enum Guard {
    Memory,
    Folder { _folder: TempDir },
    Server { _database: postgres::Database },
}

impl TestDatabase {
    /// Creates a database.
    pub async fn new(engine: Engine) -> Self {
        let (url, guard) = match engine {
            Engine::SqliteMemory => ("sqlite::memory:".to_owned(), Guard::Memory),
            Engine::SqliteFile => {
                let folder = tempfile::tempdir().expect("a folder");
                (
                    format!("sqlite://{}/test.db", folder.path().display()),
                    Guard::Folder { _folder: folder },
                )
            }
            Engine::Postgres | Engine::PostgresPair => {
                let database =
                    postgres::database("migrated", |url| async move { migrate(&connect(&url).await).await }).await;
                let database = database.expect("tests on PostgreSQL are skipped without it");
                (database.url().to_owned(), Guard::Server { _database: database })
            }
        };
        let store = connect(&url).await;
        if !engine.is_postgres() {
            migrate(&store).await;
        }
        Self {
            url,
            store,
            _guard: guard,
        }
    }

    /// Returns the URL of the database. With SQLite in memory, every connection to it opens a new database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the store of the database.
    #[must_use]
    pub fn store(&self) -> SeaStore {
        self.store.clone()
    }
}

async fn connect(url: &str) -> SeaStore {
    SeaStore::connect(&DatabaseOptions::new(url))
        .await
        .expect("the database opens")
}

async fn migrate(store: &SeaStore) {
    Runner::new(store.connection(), Migrator::list())
        .up(Position::Head)
        .await
        .expect("the migrations apply");
}
