//! The list of migrations that a program contains.

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use sha2::{Digest, Sha256};

/// SeaORM's default name for its migration table.
const DEFAULT_TABLE: &str = "seaql_migrations";

/// The migrations of a program, oldest first, with the checksums of their source files where known.
pub struct Migrations {
    list: Vec<RegisteredMigration>,
    table: String,
}

/// A migration that the program contains.
pub(crate) struct RegisteredMigration {
    pub(crate) name: String,
    pub(crate) checksum: Option<String>,
    pub(crate) migration: Box<dyn MigrationTrait>,
}

impl Migrations {
    /// Returns the migrations of a SeaORM migrator, without checksums, so edited files are not detected.
    #[must_use]
    pub fn of<M: MigratorTrait>() -> Self {
        let registered = |migration: Box<dyn MigrationTrait>| RegisteredMigration {
            name: migration.name().to_owned(),
            checksum: None,
            migration,
        };
        Self {
            list: M::migrations().into_iter().map(registered).collect(),
            table: M::migration_table_name().to_string(),
        }
    }

    /// Adds checksums from pairs of migration name and source text, as read with `include_str!`.
    ///
    /// The [`migrator!`](crate::migrator!) macro calls this for a whole list.
    #[must_use]
    pub fn with_sources(mut self, sources: &[(&str, &str)]) -> Self {
        for migration in &mut self.list {
            let source = sources.iter().find(|(name, _)| *name == migration.name);
            migration.checksum = source.map(|(_, text)| checksum(text));
        }
        self
    }

    /// Returns the names, oldest first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|migration| migration.name.as_str())
    }

    /// Returns the name of SeaORM's table, which records the applied migrations.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Returns the name of the ledger table.
    #[must_use]
    pub fn ledger_table(&self) -> String {
        if self.table == DEFAULT_TABLE {
            "migration_ledger".to_owned()
        } else {
            format!("{}_ledger", self.table)
        }
    }

    pub(crate) fn list(&self) -> &[RegisteredMigration] {
        &self.list
    }

    pub(crate) fn find(&self, name: &str) -> Option<&RegisteredMigration> {
        self.list.iter().find(|migration| migration.name == name)
    }
}

/// Returns the hexadecimal SHA-256 of a file's text, ignoring line endings because Git converts them.
fn checksum(text: &str) -> String {
    use std::fmt::Write as _;

    let mut hash = Sha256::new();
    for line in text.lines() {
        hash.update(line);
        hash.update("\n");
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Declares a migrator from modules that each contain a `Migration`, with the checksums of their files.
///
/// ```ignore
/// mod m20260101_000001_create_notes;
/// mod m20260102_000001_add_note_title;
///
/// vestibule_migrate::migrator! {
///     /// The schema of the notes.
///     pub struct Migrator;
///     m20260101_000001_create_notes,
///     m20260102_000001_add_note_title,
/// }
/// ```
///
/// The type implements SeaORM's `MigratorTrait`, and `Migrator::list()` returns [`Migrations`](crate::Migrations).
/// The files must be in the same directory as the list and have the names of their modules. Code that a migration uses
/// from other files is not part of its checksum.
#[macro_export]
macro_rules! migrator {
    ($(#[$about:meta])* $vis:vis struct $name:ident; $($migration:ident),* $(,)?) => {
        $(#[$about])*
        $vis struct $name;

        impl $crate::sea_orm_migration::MigratorTrait for $name {
            fn migrations() -> ::std::vec::Vec<::std::boxed::Box<dyn $crate::sea_orm_migration::MigrationTrait>> {
                ::std::vec![$(::std::boxed::Box::new($migration::Migration)),*]
            }
        }

        impl $name {
            /// Returns the migrations, oldest first, with the checksums of their files.
            #[must_use]
            $vis fn list() -> $crate::Migrations {
                $crate::Migrations::of::<Self>().with_sources(&[$((
                    ::core::stringify!($migration),
                    ::core::include_str!(::core::concat!(::core::stringify!($migration), ".rs")),
                )),*])
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::checksum;

    #[test]
    fn checksum_ignores_line_endings() {
        assert_eq!(checksum("a\r\nb\r\n"), checksum("a\nb\n"));
        assert_ne!(checksum("a\nb\n"), checksum("ab\n"));
        assert_eq!(
            checksum("abc"),
            "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb"
        );
    }
}
