//! Test databases and migrations.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait};
use tempfile::TempDir;
use vestibule_testing::postgres;

/// The kind of test database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    SqliteInMemory,
    SqliteFile,
    Postgres,
}

/// An empty database that is removed at the end of the test.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    _guard: Guard,
}

/// Keeps the database alive.
enum Guard {
    Memory,
    Directory { _directory: TempDir },
    Server { _database: postgres::Database },
}

impl TestDatabase {
    pub(crate) async fn new(engine: Engine) -> Self {
        let (url, guard) = match engine {
            Engine::SqliteInMemory => ("sqlite::memory:".to_owned(), Guard::Memory),
            Engine::SqliteFile => {
                let directory = tempfile::tempdir().expect("a directory");
                let url = format!("sqlite://{}/test.db?mode=rwc", directory.path().display());
                (url, Guard::Directory { _directory: directory })
            }
            Engine::Postgres => {
                let database = postgres::empty().await.expect("the caller checked for a server");
                (database.url().to_owned(), Guard::Server { _database: database })
            }
        };
        Self { url, _guard: guard }
    }

    pub(crate) async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }
}

pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false);
    Database::connect(options).await.expect("opened")
}

/// Runs a query and returns its single text, or an empty string for NULL.
pub(crate) async fn text(db: &DatabaseConnection, query: &str) -> String {
    let statement = Statement::from_string(db.get_database_backend(), query);
    let row = db.query_one_raw(statement).await.expect(query).expect("a row");
    row.try_get_by_index::<Option<String>>(0)
        .expect("a text")
        .unwrap_or_default()
}

/// A migration of SQL statements that work on both engines.
pub(crate) struct Sql {
    pub(crate) name: &'static str,
    pub(crate) up: &'static [&'static str],
    pub(crate) down: &'static [&'static str],
    pub(crate) use_transaction: Option<bool>,
}

impl Sql {
    pub(crate) const fn new(name: &'static str, up: &'static [&'static str], down: &'static [&'static str]) -> Self {
        Self {
            name,
            up,
            down,
            use_transaction: None,
        }
    }

    pub(crate) const fn outside(mut self) -> Self {
        self.use_transaction = Some(false);
        self
    }
}

impl MigrationName for Sql {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for Sql {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.up).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.down).await
    }

    fn use_transaction(&self) -> Option<bool> {
        self.use_transaction
    }
}

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Declares a migrator from migration values.
macro_rules! history {
    ($name:ident: $($migration:expr),* $(,)?) => {
        struct $name;

        impl sea_orm_migration::MigratorTrait for $name {
            fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
                vec![$(Box::new($migration)),*]
            }
        }
    };
}

/// Runs each test on every database that several processes can open.
macro_rules! on_each_shared_database {
    ($($test:ident),+ $(,)?) => {
        $(
            mod $test {
                use crate::support::Engine;

                #[tokio::test]
                async fn sqlite_file() {
                    super::$test(Engine::SqliteFile).await;
                }
                #[tokio::test]
                async fn postgres() {
                    if vestibule_testing::postgres::server_url().is_some() {
                        super::$test(Engine::Postgres).await;
                    }
                }
            }
        )+
    };
}

/// Runs each test on every database.
macro_rules! on_each_database {
    ($($test:ident),+ $(,)?) => {
        crate::support::on_each_shared_database!($($test),+);
        mod sqlite_in_memory {
            use crate::support::Engine;

            $(
                #[tokio::test]
                async fn $test() {
                    super::$test(Engine::SqliteInMemory).await;
                }
            )+
        }
    };
}

pub(crate) use history;
pub(crate) use on_each_database;
pub(crate) use on_each_shared_database;
