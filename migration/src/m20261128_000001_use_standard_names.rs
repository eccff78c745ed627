//! Renames tables and columns to the terms of the glossary. No row changes.
//!
//! Instances of earlier versions do not know the new names: stop them before this migration runs.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::DeriveMigrationName,
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

// lint: renaming-table, because earlier instances are stopped first, as the changelog says
// lint: renaming-column, because earlier instances are stopped first, as the changelog says

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The old and the new name of each table.
const TABLES: [Rename; 4] = [
    ("throttles", "rate_limits"),
    ("kept_requests", "idempotency_keys"),
    ("user_terms", "user_search_terms"),
    ("mails", "outbox"),
];

/// The table by its new name, with the old and the new name of a column.
const COLUMNS: [(&str, Rename); 8] = [
    ("rate_limits", ("clear_at", "resets_at")),
    ("idempotency_keys", ("place", "route")),
    ("idempotency_keys", ("fingerprint", "request_hash")),
    ("idempotency_keys", ("answer", "response")),
    ("idempotency_keys", ("made_id", "resource_id")),
    ("idempotency_keys", ("kept_until", "expires_at")),
    ("users", ("email_key", "normalized_email")),
    ("audit_events", ("refusal_key", "failure_key")),
];

/// The old and the new name of each index, and its definition with the new names.
const INDEXES: [(Rename, &str); 9] = [
    (
        ("ix_throttles_clear_at", "ix_rate_limits_resets_at"),
        r#"INDEX {} ON "rate_limits" ("resets_at")"#,
    ),
    (
        ("ix_kept_requests_kept_until", "ix_idempotency_keys_expires_at"),
        r#"INDEX {} ON "idempotency_keys" ("expires_at")"#,
    ),
    (
        ("ix_kept_requests_made_id", "ix_idempotency_keys_resource_id"),
        r#"INDEX {} ON "idempotency_keys" ("resource_id")"#,
    ),
    (
        ("uq_user_terms_user_id_term", "uq_user_search_terms_user_id_term"),
        r#"UNIQUE INDEX {} ON "user_search_terms" ("user_id", "term")"#,
    ),
    (
        ("ix_mails_due_at", "ix_outbox_due_at"),
        r#"INDEX {} ON "outbox" ("due_at")"#,
    ),
    (
        ("ix_mails_priority_due_at", "ix_outbox_priority_due_at"),
        r#"INDEX {} ON "outbox" ("priority", "due_at")"#,
    ),
    (
        ("ix_mails_user_id", "ix_outbox_user_id"),
        r#"INDEX {} ON "outbox" ("user_id")"#,
    ),
    (
        ("ix_users_status_email_key", "ix_users_status_normalized_email"),
        r#"INDEX {} ON "users" ("status", "normalized_email")"#,
    ),
    (
        ("ix_audit_events_refusal_key", "ix_audit_events_failure_key"),
        r#"INDEX {} ON "audit_events" ("failure_key", "id")"#,
    ),
];

/// The table by its new name, with the old and the new name of a constraint. SQLite cannot rename constraints,
/// and no statement refers to them, so there they keep their names.
const CONSTRAINTS: [(&str, Rename); 8] = [
    ("rate_limits", ("pk_throttles", "pk_rate_limits")),
    ("idempotency_keys", ("pk_kept_requests", "pk_idempotency_keys")),
    (
        "idempotency_keys",
        ("fk_kept_requests_user_id", "fk_idempotency_keys_user_id"),
    ),
    ("user_search_terms", ("pk_user_terms", "pk_user_search_terms")),
    (
        "user_search_terms",
        ("fk_user_terms_user_id", "fk_user_search_terms_user_id"),
    ),
    ("outbox", ("pk_mails", "pk_outbox")),
    ("outbox", ("fk_mails_user_id", "fk_outbox_user_id")),
    ("users", ("uq_users_email_key", "uq_users_normalized_email")),
];

/// An old and a new name.
type Rename = (&'static str, &'static str);

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (old, new) in TABLES {
            execute(manager, &format!(r#"ALTER TABLE "{old}" RENAME TO "{new}""#)).await?;
        }
        for (table, rename) in COLUMNS {
            rename_column(manager, table, rename).await?;
        }
        for (rename, definition) in INDEXES {
            rename_index(manager, rename, definition).await?;
        }
        for (table, rename) in CONSTRAINTS {
            rename_constraint(manager, table, rename).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, (old, new)) in CONSTRAINTS {
            rename_constraint(manager, table, (new, old)).await?;
        }
        for ((old, new), definition) in INDEXES {
            rename_index(manager, (new, old), definition).await?;
        }
        for (table, (old, new)) in COLUMNS {
            rename_column(manager, table, (new, old)).await?;
        }
        for (old, new) in TABLES {
            execute(manager, &format!(r#"ALTER TABLE "{new}" RENAME TO "{old}""#)).await?;
        }
        Ok(())
    }
}

async fn rename_column(manager: &SchemaManager<'_>, table: &str, (from, to): Rename) -> Result<(), DbErr> {
    let sql = format!(r#"ALTER TABLE "{table}" RENAME COLUMN "{from}" TO "{to}""#);
    execute(manager, &sql).await
}

/// Renames an index. SQLite cannot, so there it is created again.
async fn rename_index(manager: &SchemaManager<'_>, (from, to): Rename, definition: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        return execute(manager, &format!(r#"ALTER INDEX "{from}" RENAME TO "{to}""#)).await;
    }
    execute(manager, &format!(r#"DROP INDEX "{from}""#)).await?;
    let definition = definition.replace("{}", &format!(r#""{to}""#));
    execute(manager, &format!("CREATE {definition}")).await
}

async fn rename_constraint(manager: &SchemaManager<'_>, table: &str, (from, to): Rename) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let sql = format!(r#"ALTER TABLE "{table}" RENAME CONSTRAINT "{from}" TO "{to}""#);
    execute(manager, &sql).await
}

async fn execute(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}
