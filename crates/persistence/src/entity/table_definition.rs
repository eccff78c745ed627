//! The tables that the entities stand for, with what an entity cannot say about its table.

use sea_orm::{
    DbBackend, EntityTrait, IdenStatic, Schema, Statement,
    sea_query::{
        ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement, Table,
    },
};

/// An entity, and what else there is to its table.
pub(crate) trait Described: EntityTrait {
    /// Adds what the entity cannot say.
    fn describe(table: &mut Description<Self>);
}

/// What an entity cannot say about its table.
pub(crate) struct Description<E: EntityTrait> {
    bytewise: Vec<E::Column>,
    references: Vec<ForeignKeyCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
    without_rowid: bool,
}

impl<E: EntityTrait> Description<E> {
    /// Columns that are compared or sorted: byte by byte on both databases, where PostgreSQL would
    /// otherwise follow the locale of the machine.
    pub(crate) fn bytewise<const N: usize>(&mut self, columns: [E::Column; N]) -> &mut Self {
        self.bytewise.extend(columns);
        self
    }

    /// A column that holds the key of another table.
    pub(crate) fn references<R: EntityTrait>(
        &mut self,
        column: E::Column,
        other: (R, R::Column),
        on_delete: ForeignKeyAction,
    ) -> &mut Self {
        let key = ForeignKey::create()
            .name(format!("fk_{}_{}", E::default().table_name(), column.as_str()))
            .from(E::default(), column)
            .to(other.0, other.1)
            .on_delete(on_delete)
            .take();
        self.references.push(key);
        self
    }

    /// An index over columns.
    pub(crate) fn index<const N: usize>(&mut self, name: &str, columns: [E::Column; N]) -> &mut Self {
        self.indexes.push(index(name, columns));
        self
    }

    /// An index over columns in which no two rows agree.
    pub(crate) fn unique_index<const N: usize>(&mut self, name: &str, columns: [E::Column; N]) -> &mut Self {
        self.indexes.push(index(name, columns).unique().take());
        self
    }

    /// On SQLite, rows that lie in the order of the primary key.
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

/// The statements that make the table of an entity. Keys get the names that the migrations give them.
pub(super) fn statements<E: Described>(backend: DbBackend) -> Vec<Statement> {
    let mut description = Description::<E> {
        bytewise: Vec::new(),
        references: Vec::new(),
        indexes: Vec::new(),
        without_rowid: false,
    };
    E::describe(&mut description);
    let name = E::default().table_name().to_owned();
    let schema = Schema::new(backend);
    let derived = schema.create_table_from_entity(E::default());
    let mut table = Table::create().table(E::default()).take();
    let mut key = Index::create().name(format!("pk_{name}")).take();
    for column in derived.get_columns() {
        let is_bytewise = description
            .bytewise
            .iter()
            .any(|c| c.as_str() == column.get_column_name());
        table.col(plain(column, is_bytewise && backend == DbBackend::Postgres));
        if column.get_column_spec().unique {
            let column = column.get_column_name();
            table.index(Index::create().unique().name(format!("uq_{name}_{column}")).col(column));
        }
    }
    for column in <E::PrimaryKey as sea_orm::Iterable>::iter() {
        key.col(column);
    }
    table.primary_key(&mut key);
    for reference in &mut description.references {
        table.foreign_key(reference);
    }
    if description.without_rowid && backend == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    let derived = schema.create_index_from_entity(E::default());
    let indexes = derived.iter().chain(&description.indexes);
    std::iter::once(backend.build(&table))
        .chain(indexes.map(|index| backend.build(index)))
        .collect()
}

/// The column without the keys, which get names of their own.
fn plain(column: &ColumnDef, bytewise: bool) -> ColumnDef {
    let spec = column.get_column_spec();
    let mut plain = ColumnDef::new(column.get_column_name());
    if let Some(ty) = column.get_column_type() {
        plain = ColumnDef::new_with_type(column.get_column_name(), ty.clone());
    }
    if spec.nullable == Some(false) {
        plain.not_null();
    }
    if let Some(default) = &spec.default {
        plain.default(default.clone());
    }
    if bytewise {
        plain.extra("COLLATE \"C\"");
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The names of the tables in the files of this folder.
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
    fn every_entity_is_in_the_list() {
        let schema = super::super::schema(DbBackend::Sqlite);
        let made = schema.iter().filter_map(|statement| {
            let rest = statement.sql.strip_prefix("CREATE TABLE \"")?;
            Some(rest.split_once('"')?.0.to_owned())
        });
        assert_eq!(made.collect::<BTreeSet<_>>(), declared());
    }
}
