//! Applying and rolling back each migration, on every database.
#![expect(clippy::expect_used, reason = "a panic fails the test")]

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use vestibule_domain::{Limit, RoleRepo, Store};
use vestibule_migrate::{Position, Runner, SchemaState, Target};
use vestibule_migration::Migrator;
use vestibule_testing::{Engine, TestDatabase, on_each_database};

on_each_database!(each_migration_round_trips);

/// Returns the schema from the database catalog as text.
async fn schema(db: &DatabaseConnection) -> String {
    const SQLITE: &str = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name";
    const POSTGRES: &str = "SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) \
                            FROM information_schema.columns WHERE table_schema = 'public' \
                            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
                            UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint \
                            WHERE connamespace = 'public'::regnamespace ORDER BY 1";
    let backend = db.get_database_backend();
    let query = if backend == DbBackend::Sqlite { SQLITE } else { POSTGRES };
    let rows = db
        .query_all_raw(Statement::from_string(backend, query))
        .await
        .expect("read");
    let lines: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect();
    lines.join("\n")
}

async fn each_migration_round_trips(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let store = database.store();
    let db = store.connection();
    let runner = Runner::new(db, Migrator::list());
    let names: Vec<String> = Migrator::list().names().map(str::to_owned).collect();
    assert_eq!(runner.status().await.expect("read").schema_state(), SchemaState::AtHead);

    let mut schemas = vec![schema(db).await];
    for name in names.iter().rev() {
        let undone = runner.down(Target::Steps(1)).await.expect("undone");
        assert_eq!(undone[0].migration, *name);
        schemas.push(schema(db).await);
    }
    assert!(!schemas[names.len()].contains("users"), "{}", schemas[names.len()]);
    for (undone, name) in names.iter().enumerate() {
        let before = names.len() - undone;
        assert_eq!(schema(db).await, schemas[before], "before {name}");
        runner.up(Position::At(name.clone())).await.expect("applied");
        let redone = runner.redo().await.expect("undone and applied again");
        assert_eq!(redone.len(), 2);
        assert_eq!(schema(db).await, schemas[before - 1], "after {name}");
    }
    assert_eq!(runner.up(Position::Head).await.expect("nothing to do"), []);

    let roles = store.db().list_roles(None, Limit::default()).await.expect("read");
    assert_eq!(
        roles.iter().map(|row| row.position.key.as_str()).collect::<Vec<_>>(),
        ["admin", "member"]
    );
}
