//! The entities, one file for each table.
#![expect(
    unreachable_pub,
    reason = "the derived code and its fields are public by design of SeaORM"
)]

pub(crate) mod audit_event;
pub(crate) mod credential;
pub(crate) mod idempotency_key;
pub(crate) mod installation;
pub(crate) mod one_time_token;
pub(crate) mod outbox;
pub(crate) mod rate_limit;
pub(crate) mod role;
pub(crate) mod role_permission;
pub(crate) mod session;
mod table_definition;
pub(crate) mod user;
pub(crate) mod user_role;
pub(crate) mod user_search_term;

use sea_orm::{DbBackend, Statement};

use table_definition::statements;

/// Returns the statements that create all tables of the entities in an empty database. The migrations must produce the
/// same tables; `cargo migrate` compares them.
#[must_use]
pub fn schema(backend: DbBackend) -> Vec<Statement> {
    [
        statements::<role::Entity>(backend),
        statements::<role_permission::Entity>(backend),
        statements::<user::Entity>(backend),
        statements::<user_search_term::Entity>(backend),
        statements::<user_role::Entity>(backend),
        statements::<credential::Entity>(backend),
        statements::<session::Entity>(backend),
        statements::<installation::Entity>(backend),
        statements::<audit_event::Entity>(backend),
        statements::<rate_limit::Entity>(backend),
        statements::<one_time_token::Entity>(backend),
        statements::<outbox::Entity>(backend),
        statements::<idempotency_key::Entity>(backend),
    ]
    .concat()
}
