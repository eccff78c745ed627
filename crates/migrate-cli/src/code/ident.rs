//! The `DeriveIden` enums for the tables and columns of a migration.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::per_engine::literal;

/// The identifiers that a migration uses.
#[derive(Debug, Default)]
pub(super) struct Idents {
    /// The columns and variants of each table, in the order of their first use.
    tables: BTreeMap<String, Vec<(String, String)>>,
}

/// The names that a generated file imports or declares itself.
const RESERVED: [&str; 14] = [
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
    /// Returns the variant for a table.
    pub(super) fn table(&mut self, table: &str) -> String {
        self.tables.entry(table.to_owned()).or_default();
        format!("{}::Table", type_name(table))
    }

    /// Returns the variant for a column.
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

    /// Returns the source of the enums.
    pub(super) fn source(&self) -> String {
        let mut source = String::new();
        for (table, columns) in &self.tables {
            let name = type_name(table);
            let _ = write!(
                source,
                "\n#[derive(DeriveIden)]\nenum {name} {{\n{}Table,\n",
                iden_attribute(&name, table)
            );
            for (column, variant) in columns {
                let _ = writeln!(source, "{}{variant},", iden_attribute(variant, column));
            }
            source.push_str("}\n");
        }
        source
    }
}

/// Returns an attribute with the name, if it cannot be derived from the variant.
fn iden_attribute(variant: &str, name: &str) -> String {
    if snake(variant) == name {
        return String::new();
    }
    format!("#[sea_orm(iden = {})]\n", literal(name))
}

fn type_name(table: &str) -> String {
    let name = camel(table);
    if RESERVED.contains(&name.as_str()) {
        format!("{name}s")
    } else {
        name
    }
}

/// Converts `last_sign_in_at` to `LastSignInAt`.
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

/// Converts a variant to a name as `DeriveIden` does.
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
    fn names_not_derivable_from_variants_get_attributes() {
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
