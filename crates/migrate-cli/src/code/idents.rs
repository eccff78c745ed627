//! The enums that name tables and columns in a migration.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::words::literal;

/// The names that a migration uses.
#[derive(Debug, Default)]
pub(super) struct Idents {
    /// For each table, its columns with their variants, in the order in which they are first used.
    tables: BTreeMap<String, Vec<(String, String)>>,
}

/// What a migration imports or declares by itself.
const TAKEN: [&str; 14] = [
    "Check",
    "ColumnDef",
    "ColumnType",
    "DbBackend",
    "DbErr",
    "Expr",
    "ForeignKey",
    "ForeignKeyAction",
    "Index",
    "IndexOrder",
    "Migration",
    "MigrationTrait",
    "SchemaManager",
    "Table",
];

impl Idents {
    /// The variant that stands for a table.
    pub(super) fn table(&mut self, table: &str) -> String {
        self.tables.entry(table.to_owned()).or_default();
        format!("{}::Table", type_name(table))
    }

    /// The variant that stands for a column.
    pub(super) fn column(&mut self, table: &str, column: &str) -> String {
        let columns = self.tables.entry(table.to_owned()).or_default();
        if let Some((_, variant)) = columns.iter().find(|(name, _)| name == column) {
            return format!("{}::{variant}", type_name(table));
        }
        let mut variant = camel(column);
        while ["Table", "Self"].contains(&variant.as_str()) || columns.iter().any(|(_, other)| *other == variant) {
            variant.push_str("Column");
        }
        columns.push((column.to_owned(), variant.clone()));
        format!("{}::{variant}", type_name(table))
    }

    /// The enums.
    pub(super) fn source(&self) -> String {
        let mut source = String::new();
        for (table, columns) in &self.tables {
            let name = type_name(table);
            let _ = write!(
                source,
                "\n#[derive(DeriveIden)]\nenum {name} {{\n{}Table,\n",
                renamed(&name, table)
            );
            for (column, variant) in columns {
                let _ = writeln!(source, "{}{variant},", renamed(variant, column));
            }
            source.push_str("}\n");
        }
        source
    }
}

/// An attribute for a name that is not what its variant says.
fn renamed(variant: &str, name: &str) -> String {
    if snake(variant) == name {
        return String::new();
    }
    format!("#[sea_orm(iden = {})]\n", literal(name))
}

fn type_name(table: &str) -> String {
    let name = camel(table);
    if TAKEN.contains(&name.as_str()) {
        format!("{name}s")
    } else {
        name
    }
}

/// `last_sign_in_at` as `LastSignInAt`.
pub(super) fn camel(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut chars = word.chars();
        camel.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        camel.extend(chars.map(|c| c.to_ascii_lowercase()));
    }
    if camel.starts_with(|c: char| c.is_ascii_alphabetic()) {
        camel
    } else {
        format!("N{camel}")
    }
}

/// What `DeriveIden` makes of a variant.
fn snake(variant: &str) -> String {
    let mut snake = String::new();
    for (at, c) in variant.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_what_they_say_are_said_again() {
        let mut idents = Idents::default();
        assert_eq!(idents.column("users", "last_sign_in_at"), "Users::LastSignInAt");
        assert_eq!(idents.column("users", "table"), "Users::TableColumn");
        assert_eq!(idents.column("users", "line_2"), "Users::Line2");
        assert_eq!(idents.table("index"), "Indexs::Table");
        let source = idents.source();
        assert!(source.contains(
            "LastSignInAt,\n#[sea_orm(iden = \"table\")]\nTableColumn,\n#[sea_orm(iden = \"line_2\")]\nLine2,"
        ));
        assert!(source.contains("enum Indexs {\n#[sea_orm(iden = \"index\")]\nTable,\n}"));
    }
}
