//! Columns as sea-query definitions and as Rust source.

use sea_orm_migration::sea_query::{ColumnDef, ColumnType, Expr};

use super::ident::Idents;
use super::per_engine::{PerEngine, literal};
use super::types::{TypeCode, type_code};
use crate::engine::Engine;
use crate::introspect::{Column, Numbering, quoted};

/// A column that sea-query can express.
pub(super) struct ColumnCode {
    pub(super) name: String,
    ty: Result<TypeCode, PerEngine<String>>,
    nullable: bool,
    default: Option<DefaultCode>,
    generated: Option<(PerEngine<String>, bool)>,
    auto_increment: bool,
    /// `true` if the column definition contains the primary key, as AUTOINCREMENT requires.
    primary_key: bool,
    /// The SQL clauses that sea-query cannot express.
    extra: PerEngine<String>,
}

enum DefaultCode {
    Integer(i64),
    Boolean(bool),
    Text(String),
    Expression(PerEngine<String>),
}

impl ColumnCode {
    /// Combines the columns of both engines, or returns `None` if they differ too much.
    pub(super) fn new(columns: PerEngine<&Column>) -> Option<Self> {
        let name = columns.map(|c| c.name.clone()).common()?;
        let nullable = columns.map(|c| c.nullable).common()?;
        let numbering = columns.all_or_none(|c| c.numbering)?;
        let is_serial = |n: Numbering| matches!(n, Numbering::Serial | Numbering::IdentityAlways);
        let auto_increment = match &numbering {
            Some(numbering) => !numbering.map(|n| is_serial(*n)).common()?,
            None => false,
        };
        let ty = if numbering.is_some() && !auto_increment {
            Err(columns.map(|c| numbered_type(c)))
        } else {
            type_code(&columns.map(|c| c.ty.as_str()))
        };
        let generated = match columns.all_or_none(|c| c.generated.as_ref())? {
            None => None,
            Some(generated) => {
                let split = generated.map(|text| text.rsplit_once(' ').unwrap_or((text, "STORED")));
                let stored = split.map(|(_, kind)| *kind == "STORED").common()?;
                Some((split.map(|(expression, _)| inner(expression)), stored))
            }
        };
        let extra = columns.map(|c| c.collation.as_ref().map(|c| format!("COLLATE {c}")).unwrap_or_default());
        Some(Self {
            name,
            ty,
            nullable,
            default: columns.all_or_none(|c| c.default.clone())?.map(DefaultCode::new),
            generated,
            auto_increment,
            primary_key: false,
            extra,
        })
    }

    /// Moves the primary key into the column definition.
    pub(super) fn set_primary_key(&mut self) {
        self.primary_key = true;
    }

    /// Returns whether the numbers are generated as sea-query's `auto_increment` does.
    pub(super) const fn is_numbered(&self) -> bool {
        self.auto_increment
    }

    /// Adds an SQL clause on both engines.
    pub(super) fn add_extra(&mut self, more: &str) {
        self.extra = self.extra.map(|extra| format!("{extra} {more}").trim().to_owned());
    }

    fn has_extra(&self) -> bool {
        let extras = [&self.extra.sqlite, &self.extra.postgres];
        extras.into_iter().flatten().any(|extra| !extra.is_empty())
    }

    pub(super) fn definition(&self, engine: Engine) -> ColumnDef {
        let mut column = match &self.ty {
            Ok(code) => ColumnDef::new_with_type(self.name.clone(), code.value.clone()),
            Err(types) => ColumnDef::new_with_type(
                self.name.clone(),
                ColumnType::custom(types.get(engine).cloned().unwrap_or_default()),
            ),
        };
        if !self.nullable {
            column.not_null();
        }
        match &self.default {
            None => &mut column,
            Some(DefaultCode::Integer(value)) => column.default(*value),
            Some(DefaultCode::Boolean(value)) => column.default(*value),
            Some(DefaultCode::Text(value)) => column.default(value.as_str()),
            Some(DefaultCode::Expression(sql)) => column.default(expression(sql, engine)),
        };
        if let Some((sql, stored)) = &self.generated {
            column.generated(expression(sql, engine), *stored);
        }
        if self.auto_increment {
            column.auto_increment();
        }
        if self.primary_key {
            column.primary_key();
        }
        if self.has_extra() {
            column.extra(self.extra.get(engine).map(String::as_str).unwrap_or_default());
        }
        column
    }

    pub(super) fn source(&self, table: &str, idents: &mut Idents) -> String {
        let ident = idents.column(table, &self.name);
        let ty = match &self.ty {
            Ok(code) => code.method.clone(),
            Err(types) => format!("custom({})", types.source()),
        };
        let default = match &self.default {
            None => String::new(),
            Some(DefaultCode::Integer(value)) => format!(".default({value}_i64)"),
            Some(DefaultCode::Boolean(value)) => format!(".default({value})"),
            Some(DefaultCode::Text(value)) => format!(".default({})", literal(value)),
            Some(DefaultCode::Expression(sql)) => format!(".default(Expr::cust({}))", sql.source()),
        };
        let generated = self.generated.as_ref().map_or_else(String::new, |(sql, stored)| {
            format!(".generated(Expr::cust({}), {stored})", sql.source())
        });
        let when = |condition: bool, call: &'static str| if condition { call } else { "" };
        let not_null = when(!self.nullable, ".not_null()");
        let auto_increment = when(self.auto_increment, ".auto_increment()");
        let primary_key = when(self.primary_key, ".primary_key()");
        let extra = if self.has_extra() {
            format!(".extra({})", self.extra.source())
        } else {
            String::new()
        };
        format!("ColumnDef::new({ident}).{ty}{not_null}{default}{generated}{auto_increment}{primary_key}{extra}")
    }
}

impl DefaultCode {
    fn new(sql: PerEngine<String>) -> Self {
        // PostgreSQL adds the type to a string: 'a'::character varying.
        let untyped = sql.map(|text| match text.split_once("'::") {
            Some((start, _)) if start.starts_with('\'') => format!("{start}'"),
            _ => text.clone(),
        });
        let Some(value) = untyped.common_ignoring_case() else {
            return Self::Expression(sql);
        };
        if let Ok(number) = value.replace("- ", "-").parse() {
            return Self::Integer(number);
        }
        match value.to_lowercase().as_str() {
            "true" => return Self::Boolean(true),
            "false" => return Self::Boolean(false),
            _ => {}
        }
        let text = value.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        match text.map(|text| text.replace("''", "\u{0}")) {
            // sea-query escapes a backslash differently for each engine.
            Some(text) if !text.contains(['\'', '\\']) => Self::Text(text.replace('\u{0}', "'")),
            _ => Self::Expression(sql),
        }
    }
}

impl PerEngine<String> {
    /// Returns the common value, ignoring case outside strings.
    fn common_ignoring_case(self) -> Option<String> {
        match (self.sqlite, self.postgres) {
            (Some(sqlite), Some(postgres)) => {
                let same = sqlite == postgres || (!sqlite.contains('\'') && sqlite.eq_ignore_ascii_case(&postgres));
                same.then_some(postgres)
            }
            (one, other) => one.or(other),
        }
    }
}

fn expression(sql: &PerEngine<String>, engine: Engine) -> Expr {
    Expr::cust(sql.get(engine).cloned().unwrap_or_default())
}

/// Returns the SQL type of a column whose numbering sea-query cannot express.
fn numbered_type(column: &Column) -> String {
    let bare = Column {
        name: String::new(),
        nullable: true,
        default: None,
        collation: None,
        generated: None,
        ..column.clone()
    };
    bare.sql(Engine::Postgres)
}

/// Strips the outer parentheses of an expression.
fn inner(expression: &str) -> String {
    let inner = expression.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(expression).to_owned()
}

/// Returns a single-column foreign key as a clause of a column definition.
pub(super) fn references_clause(name: Option<&str>, table: &str, column: &str, rest: &str) -> String {
    let name = name
        .map(|name| format!("CONSTRAINT {} ", quoted(name)))
        .unwrap_or_default();
    format!("{name}REFERENCES {} ({}) {rest}", quoted(table), quoted(column))
}
