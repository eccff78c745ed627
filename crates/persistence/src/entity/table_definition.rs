//! Table definitions: the columns of an entity, and the keys and indexes that SeaORM cannot derive from it.

use sea_orm::{
    DbBackend, EntityTrait, IdenStatic, Schema, Statement,
    sea_query::{
        ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement, Table,
    },
};

/// An entity with a complete definition of its table.
pub(crate) trait DefineTable: EntityTrait {
    /// Adds what SeaORM cannot derive from the entity.
    fn define_table(table: &mut TableDefinition<Self>);
}

/// The part of a table definition that SeaORM cannot derive from the entity.
pub(crate) struct TableDefinition<E: EntityTrait> {
    bytewise: Vec<E::Column>,
    references: Vec<Reference>,
    indexes: Vec<IndexCreateStatement>,
    without_rowid: bool,
}

/// A column that refers to the identifier of another table.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) other: String,
    other_column: String,
    pub(crate) on_delete: ForeignKeyAction,
}

impl Reference {
    fn to_foreign_key(&self) -> ForeignKeyCreateStatement {
        ForeignKey::create()
            .name(format!("fk_{}_{}", self.table, self.column))
            .from(self.table.clone(), self.column.clone())
            .to(self.other.clone(), self.other_column.clone())
            .on_delete(self.on_delete)
            .take()
    }
}

impl<E: EntityTrait> TableDefinition<E> {
    fn new() -> Self {
        Self {
            bytewise: Vec::new(),
            references: Vec::new(),
            indexes: Vec::new(),
            without_rowid: false,
        }
    }

    /// Marks columns that are compared or sorted. PostgreSQL then compares bytes, as SQLite does, instead of using the
    /// collation of the database.
    pub(crate) fn bytewise<const N: usize>(&mut self, columns: [E::Column; N]) -> &mut Self {
        self.bytewise.extend(columns);
        self
    }

    /// Adds a foreign key.
    pub(crate) fn references<R: EntityTrait>(
        &mut self,
        column: E::Column,
        other: (R, R::Column),
        on_delete: ForeignKeyAction,
    ) -> &mut Self {
        self.references.push(Reference {
            table: E::default().table_name().to_owned(),
            column: column.as_str().to_owned(),
            other: other.0.table_name().to_owned(),
            other_column: other.1.as_str().to_owned(),
            on_delete,
        });
        self
    }

    /// Adds an index.
    pub(crate) fn index<const N: usize>(&mut self, name: &str, columns: [E::Column; N]) -> &mut Self {
        self.indexes.push(index(name, columns));
        self
    }

    /// Adds a unique index.
    pub(crate) fn unique_index<const N: usize>(&mut self, name: &str, columns: [E::Column; N]) -> &mut Self {
        self.indexes.push(index(name, columns).unique().take());
        self
    }

    /// Stores the rows in the order of the primary key (`WITHOUT ROWID`), on SQLite.
    pub(crate) fn without_rowid(&mut self) -> &mut Self {
        self.without_rowid = true;
        self
    }
}

fn index<C: sea_orm::ColumnTrait, const N: usize>(name: &str, columns: [C; N]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).take();
    for column in columns {
        index.table(column.entity_name()).col(column);
    }
    index
}

/// Returns the references of the table of an entity.
pub(super) fn references<E: DefineTable>() -> Vec<Reference> {
    let mut definition = TableDefinition::<E>::new();
    E::define_table(&mut definition);
    definition.references
}

/// Returns the statements that create the table of an entity. The names of the keys are those in the migrations.
pub(super) fn statements<E: DefineTable>(backend: DbBackend) -> Vec<Statement> {
    let mut definition = TableDefinition::<E>::new();
    E::define_table(&mut definition);
    let name = E::default().table_name().to_owned();
    let schema = Schema::new(backend);
    let derived = schema.create_table_from_entity(E::default());
    let mut table = Table::create().table(E::default()).take();
    let mut key = Index::create().name(format!("pk_{name}")).take();
    for column in derived.get_columns() {
        let is_bytewise = definition
            .bytewise
            .iter()
            .any(|c| c.as_str() == column.get_column_name());
        table.col(without_keys(column, is_bytewise && backend == DbBackend::Postgres));
        if column.get_column_spec().unique {
            let column = column.get_column_name();
            table.index(Index::create().unique().name(format!("uq_{name}_{column}")).col(column));
        }
    }
    for column in <E::PrimaryKey as sea_orm::Iterable>::iter() {
        key.col(column);
    }
    table.primary_key(&mut key);
    for reference in &definition.references {
        table.foreign_key(&mut reference.to_foreign_key());
    }
    if definition.without_rowid && backend == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    let derived = schema.create_index_from_entity(E::default());
    let indexes = derived.iter().chain(&definition.indexes);
    std::iter::once(backend.build(&table))
        .chain(indexes.map(|index| backend.build(index)))
        .collect()
}

/// Returns a column without its keys, which are defined separately because they have names.
fn without_keys(column: &ColumnDef, bytewise: bool) -> ColumnDef {
    let spec = column.get_column_spec();
    let mut definition = ColumnDef::new(column.get_column_name());
    if let Some(ty) = column.get_column_type() {
        definition = ColumnDef::new_with_type(column.get_column_name(), ty.clone());
    }
    if spec.nullable == Some(false) {
        definition.not_null();
    }
    if let Some(default) = &spec.default {
        definition.default(default.clone());
    }
    if bytewise {
        definition.extra("COLLATE \"C\"");
    }
    definition
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Returns the names of the tables that the files of this folder declare.
    fn declared() -> BTreeSet<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/entity");
        let files = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{folder}: {e}"));
        let table = |file: std::io::Result<std::fs::DirEntry>| {
            let path = file.unwrap_or_else(|e| panic!("{e}")).path();
            let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let (_, rest) = text.split_once("#[sea_orm(table_name = \"")?;
            Some(rest.split_once('"')?.0.to_owned())
        };
        files.filter_map(table).collect()
    }

    #[test]
    fn schema_contains_every_entity() {
        let schema = super::super::schema(DbBackend::Sqlite);
        let created = schema.iter().filter_map(|statement| {
            let rest = statement.sql.strip_prefix("CREATE TABLE \"")?;
            Some(rest.split_once('"')?.0.to_owned())
        });
        assert_eq!(created.collect::<BTreeSet<_>>(), declared());
    }
}
