//! Tables as sea-query statements and as Rust source.

use std::fmt::Write as _;

use sea_orm_migration::sea_query::{
    Check, Expr, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement,
    Table as SeaTable, TableCreateStatement,
};

use super::column::{ColumnCode, references_clause};
use super::ident::Idents;
use super::per_engine::{PerEngine, literal};
use crate::engine::Engine;
use crate::introspect::{Constraint, ConstraintKind, ForeignKey as SchemaForeignKey, Numbering, Table};

/// A table that sea-query can express.
pub(super) struct TableCode {
    name: String,
    columns: Vec<ColumnCode>,
    primary_key: Option<(Option<String>, Vec<String>)>,
    uniques: Vec<(Option<String>, Vec<String>)>,
    foreign_keys: Vec<(Option<String>, SchemaForeignKey)>,
    checks: Vec<(Option<String>, PerEngine<String>)>,
    options: PerEngine<String>,
}

impl TableCode {
    /// Combines the tables of both engines, or returns `None` if they differ too much.
    pub(super) fn new(tables: PerEngine<&Table>) -> Option<Self> {
        let any = tables.postgres.or(tables.sqlite)?;
        let count = tables
            .map(|table| (table.columns.len(), table.constraints.len()))
            .common()?;
        let mut columns: Vec<ColumnCode> = Vec::with_capacity(count.0);
        for column in &any.columns {
            let both = tables.all_or_none(|table| table.column(&column.name))??;
            columns.push(ColumnCode::new(PerEngine {
                sqlite: both.sqlite,
                postgres: both.postgres,
            })?);
        }
        let mut code = Self {
            name: tables.map(|table| table.name.clone()).common()?,
            columns,
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            options: tables.map(|table| table.options.clone()),
        };
        for constraint in &any.constraints {
            code.add_constraint(constraint, tables)?;
        }
        code.inline_primary_key(any);
        Some(code)
    }

    /// Adds a constraint, or returns `None` if an engine does not have it or sea-query cannot express it.
    fn add_constraint(&mut self, constraint: &Constraint, tables: PerEngine<&Table>) -> Option<()> {
        let is_same = |other: &&Constraint| match (&constraint.kind, &other.kind) {
            (ConstraintKind::Check(_), ConstraintKind::Check(_)) => {
                constraint.name == other.name || constraint.definition == other.definition
            }
            (kind, other) => *kind != ConstraintKind::Other && kind == other,
        };
        let both = tables.all_or_none(|table| table.constraints.iter().find(is_same))??;
        let name = both
            .postgres
            .or(both.sqlite)
            .and_then(|constraint| constraint.name.clone());
        match &constraint.kind {
            ConstraintKind::PrimaryKey(columns) => self.primary_key = Some((name, columns.clone())),
            ConstraintKind::Unique(columns) => self.uniques.push((name, columns.clone())),
            ConstraintKind::ForeignKey(key) => self.add_foreign_key(name, key)?,
            ConstraintKind::Check(_) => {
                let text = |constraint: &&Constraint| match &constraint.kind {
                    ConstraintKind::Check(text) => text.clone(),
                    _ => String::new(),
                };
                self.checks.push((name, both.map(text)));
            }
            ConstraintKind::Other => return None,
        }
        Some(())
    }

    /// Adds a foreign key, as a clause of its column if sea-query cannot express it.
    fn add_foreign_key(&mut self, name: Option<String>, key: &SchemaForeignKey) -> Option<()> {
        if key.rest.is_empty() {
            self.foreign_keys.push((name, key.clone()));
            return Some(());
        }
        let ([column], [target]) = (key.columns.as_slice(), key.references.as_slice()) else {
            return None;
        };
        let mut rest = String::new();
        for (event, action) in [("DELETE", &key.on_delete), ("UPDATE", &key.on_update)] {
            if action != "NO ACTION" {
                let _ = write!(rest, "ON {event} {action} ");
            }
        }
        let clause = references_clause(name.as_deref(), &key.table, target, &(rest + &key.rest));
        self.columns
            .iter_mut()
            .find(|code| code.name == *column)?
            .add_extra(&clause);
        Some(())
    }

    /// Moves the primary key into the definition of its generated column, as AUTOINCREMENT requires.
    ///
    /// There it cannot have a name, so on PostgreSQL it gets the default name.
    fn inline_primary_key(&mut self, table: &Table) {
        let numbered = self.columns.iter_mut().find(|column| column.is_numbered());
        let Some((column, (name, key))) = numbered.zip(self.primary_key.clone()) else {
            return;
        };
        let is_default = name.is_none_or(|name| name == format!("{}_pkey", table.name));
        if key != [column.name.clone()] {
            return;
        }
        let is_required = table
            .columns
            .iter()
            .any(|c| c.numbering == Some(Numbering::Autoincrement));
        if !is_default && !is_required {
            return;
        }
        column.set_primary_key();
        self.primary_key = None;
    }

    pub(super) fn statement(&self, engine: Engine) -> TableCreateStatement {
        let mut table = SeaTable::create().table(self.name.clone()).take();
        for column in &self.columns {
            table.col(column.definition(engine));
        }
        if let Some((name, columns)) = &self.primary_key {
            table.primary_key(&mut key(name.as_deref(), columns));
        }
        for (name, columns) in &self.uniques {
            table.index(key(name.as_deref(), columns).unique());
        }
        for (name, key) in &self.foreign_keys {
            table.foreign_key(&mut foreign_key(&self.name, name.as_deref(), key));
        }
        for (name, sql) in &self.checks {
            let expression = Expr::cust(sql.get(engine).cloned().unwrap_or_default());
            match name {
                Some(name) => table.check(Check::named(name.clone(), expression)),
                None => table.check(expression),
            };
        }
        match self.options.get(engine) {
            Some(options) if !options.is_empty() => table.extra(options.as_str()).take(),
            _ => table,
        }
    }

    /// Returns a Rust expression of the statement.
    pub(super) fn source(&self, idents: &mut Idents) -> String {
        let mut source = format!("Table::create().table({})", idents.table(&self.name));
        for column in &self.columns {
            let _ = write!(source, ".col({})", column.source(&self.name, idents));
        }
        if let Some((name, columns)) = &self.primary_key {
            let _ = write!(
                source,
                ".primary_key({})",
                self.key_source(name.as_deref(), columns, "", idents)
            );
        }
        for (name, columns) in &self.uniques {
            let key = self.key_source(name.as_deref(), columns, ".unique()", idents);
            let _ = write!(source, ".index({key})");
        }
        for (name, key) in &self.foreign_keys {
            let call = foreign_key_source(&self.name, name.as_deref(), key, idents);
            let _ = write!(source, ".foreign_key({call})");
        }
        for (name, sql) in &self.checks {
            let expression = format!("Expr::cust({})", sql.source());
            let _ = match name {
                Some(name) => write!(source, ".check(Check::named({}, {expression}))", literal(name)),
                None => write!(source, ".check({expression})"),
            };
        }
        source + &self.options_source() + ".take()"
    }

    fn options_source(&self) -> String {
        let options = [&self.options.sqlite, &self.options.postgres];
        if options.into_iter().flatten().all(String::is_empty) {
            return String::new();
        }
        format!(".extra({})", self.options.source())
    }

    fn key_source(&self, name: Option<&str>, columns: &[String], unique: &str, idents: &mut Idents) -> String {
        let mut source = format!("Index::create(){unique}");
        if let Some(name) = name {
            let _ = write!(source, ".name({})", literal(name));
        }
        for column in columns {
            let _ = write!(source, ".col({})", idents.column(&self.name, column));
        }
        source
    }
}

fn key(name: Option<&str>, columns: &[String]) -> IndexCreateStatement {
    let mut key = Index::create();
    if let Some(name) = name {
        key.name(name);
    }
    for column in columns {
        key.col(column.clone());
    }
    key
}

/// Returns the sea-query statement of a foreign key.
pub(super) fn foreign_key(table: &str, name: Option<&str>, reference: &SchemaForeignKey) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create()
        .from_tbl(table.to_owned())
        .to_tbl(reference.table.clone())
        .take();
    if let Some(name) = name {
        key.name(name);
    }
    for column in &reference.columns {
        key.from_col(column.clone());
    }
    for column in &reference.references {
        key.to_col(column.clone());
    }
    if let Some((action, _)) = action(&reference.on_delete) {
        key.on_delete(action);
    }
    if let Some((action, _)) = action(&reference.on_update) {
        key.on_update(action);
    }
    key
}

pub(super) fn foreign_key_source(
    table: &str,
    name: Option<&str>,
    reference: &SchemaForeignKey,
    idents: &mut Idents,
) -> String {
    let mut source = "ForeignKey::create()".to_owned();
    if let Some(name) = name {
        let _ = write!(source, ".name({})", literal(name));
    }
    let _ = write!(
        source,
        ".from_tbl({}).to_tbl({})",
        idents.table(table),
        idents.table(&reference.table)
    );
    for column in &reference.columns {
        let _ = write!(source, ".from_col({})", idents.column(table, column));
    }
    for column in &reference.references {
        let _ = write!(source, ".to_col({})", idents.column(&reference.table, column));
    }
    if let Some((_, name)) = action(&reference.on_delete) {
        let _ = write!(source, ".on_delete(ForeignKeyAction::{name})");
    }
    if let Some((_, name)) = action(&reference.on_update) {
        let _ = write!(source, ".on_update(ForeignKeyAction::{name})");
    }
    source
}

/// Returns the sea-query action and its variant name, or `None` for the default action.
fn action(sql: &str) -> Option<(ForeignKeyAction, &'static str)> {
    match sql {
        "CASCADE" => Some((ForeignKeyAction::Cascade, "Cascade")),
        "RESTRICT" => Some((ForeignKeyAction::Restrict, "Restrict")),
        "SET NULL" => Some((ForeignKeyAction::SetNull, "SetNull")),
        "SET DEFAULT" => Some((ForeignKeyAction::SetDefault, "SetDefault")),
        _ => None,
    }
}
