//! The entities, one file for each table.
#![expect(
    unreachable_pub,
    reason = "the derived code and its fields are public by design of SeaORM"
)]

mod table_definition;

use std::{collections::BTreeSet, sync::LazyLock};

use sea_orm::{DbBackend, EntityName, Statement};

pub(crate) use table_definition::Reference;
use table_definition::{references, statements};

/// Declares the module of each entity. A table comes after the tables that it refers to.
macro_rules! entities {
    ($($module:ident)+) => {
        $(pub(crate) mod $module;)+

        /// Returns the statements that create all tables of the entities in an empty database. The migrations must
        /// produce the same tables; `cargo migrate` compares them.
        #[must_use]
        pub fn schema(backend: DbBackend) -> Vec<Statement> {
            [$(statements::<$module::Entity>(backend)),+].concat()
        }

        /// Returns the names of all tables.
        pub(crate) fn tables() -> BTreeSet<&'static str> {
            [$($module::Entity.table_name()),+].into()
        }

        /// The references between the tables.
        pub(crate) static REFERENCES: LazyLock<Vec<Reference>> =
            LazyLock::new(|| [$(references::<$module::Entity>()),+].concat());
    };
}

entities! {
    role
    role_permission
    user
    user_search_term
    user_role
    credential
    totp_secret
    recovery_code
    passkey
    challenge
    session
    installation
    audit_event
    rate_limit
    one_time_token
    outbox
    idempotency_key
}
