//! A database for one test.

use tempfile::TempDir;
use vestibule_migrate::{Position, Runner};
use vestibule_migration::Migrator;
use vestibule_persistence::{DatabaseOptions, SeaStore};

use crate::postgres;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite in memory: one connection for all, so that a use case that reads beside its own
    /// transaction waits for itself and fails.
    SqliteMemory,
    /// SQLite in a file: one writer and several readers.
    SqliteFile,
    /// PostgreSQL.
    Postgres,
    /// PostgreSQL with two instances, which clients ask in turn.
    PostgresPair,
}

impl Engine {
    const fn is_postgres(self) -> bool {
        matches!(self, Self::Postgres | Self::PostgresPair)
    }
}

/// A database with all migrations, gone at the end of the test.
pub struct TestDatabase {
    url: String,
    store: SeaStore,
    _place: Place,
}

/// What must live as long as the database.
enum Place {
    Memory,
    Folder { _folder: TempDir },
    Server { _database: postgres::Database },
}

impl TestDatabase {
    /// Makes a database.
    pub async fn new(engine: Engine) -> Self {
        let (url, place) = match engine {
            Engine::SqliteMemory => ("sqlite::memory:".to_owned(), Place::Memory),
            Engine::SqliteFile => {
                let folder = tempfile::tempdir().expect("a folder");
                (
                    format!("sqlite://{}/test.db", folder.path().display()),
                    Place::Folder { _folder: folder },
                )
            }
            Engine::Postgres | Engine::PostgresPair => {
                let database =
                    postgres::database("migrated", |url| async move { migrate(&connect(&url).await).await }).await;
                let database = database.expect("tests on PostgreSQL ask first whether it is there");
                (database.url().to_owned(), Place::Server { _database: database })
            }
        };
        let store = connect(&url).await;
        if !engine.is_postgres() {
            migrate(&store).await;
        }
        Self {
            url,
            store,
            _place: place,
        }
    }

    /// The URL to connect with; with SQLite in memory everybody who does gets a database of their own.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The store.
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
