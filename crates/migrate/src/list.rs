//! The migrations that a program knows.

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use sha2::{Digest, Sha256};

/// The table of SeaORM when a migrator names no other.
const STOCK_TABLE: &str = "seaql_migrations";

/// The migrations of a program, the oldest first, and the fingerprints of their files where those are known.
pub struct Migrations {
    list: Vec<Known>,
    table: String,
}

/// A migration that the program knows.
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) checksum: Option<String>,
    pub(crate) migration: Box<dyn MigrationTrait>,
}

impl Migrations {
    /// The migrations of a migrator as SeaORM has them. Whether their files have changed cannot be told.
    #[must_use]
    pub fn of<M: MigratorTrait>() -> Self {
        let known = |migration: Box<dyn MigrationTrait>| Known {
            name: migration.name().to_owned(),
            checksum: None,
            migration,
        };
        Self {
            list: M::migrations().into_iter().map(known).collect(),
            table: M::migration_table_name().to_string(),
        }
    }

    /// The same with the texts of files: pairs of a migration's name and the text, which `include_str!` gives.
    /// The macro [`migrator!`](crate::migrator!) does it for a whole list.
    #[must_use]
    pub fn with_sources(mut self, sources: &[(&str, &str)]) -> Self {
        for known in &mut self.list {
            let source = sources.iter().find(|(name, _)| *name == known.name);
            known.checksum = source.map(|(_, text)| checksum(text));
        }
        self
    }

    /// The names, the oldest first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|known| known.name.as_str())
    }

    /// The table of SeaORM that says which migrations are applied.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The table that keeps what SeaORM's has no place for.
    #[must_use]
    pub fn ledger_table(&self) -> String {
        if self.table == STOCK_TABLE {
            "migration_ledger".to_owned()
        } else {
            format!("{}_ledger", self.table)
        }
    }

    pub(crate) fn list(&self) -> &[Known] {
        &self.list
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Known> {
        self.list.iter().find(|known| known.name == name)
    }
}

/// SHA-256 in hexadecimal of a file's text. How lines end does not count, because Git changes it.
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

/// Declares a migrator over modules that each hold a `Migration`, with the fingerprints of their files.
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
/// It is SeaORM's `MigratorTrait`, and `Migrator::list()` gives [`Migrations`](crate::Migrations). The files
/// stand beside the one with this list and have the names of their modules. What a migration takes from
/// another file has no part in its fingerprint.
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
            /// The migrations, the oldest first, with the fingerprints of their files.
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
    fn the_ends_of_lines_do_not_count() {
        assert_eq!(checksum("a\r\nb\r\n"), checksum("a\nb\n"));
        assert_ne!(checksum("a\nb\n"), checksum("ab\n"));
        assert_eq!(
            checksum("abc"),
            "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb"
        );
    }
}
