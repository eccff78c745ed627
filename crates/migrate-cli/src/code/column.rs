//! A column as source and as a definition.

use sea_orm_migration::sea_query::{ColumnDef, ColumnType, Expr};

use super::idents::Idents;
use super::types::{TypeCode, type_code};
use super::words::{Both, literal};
use crate::catalogue::{Column, Numbering, quoted};
use crate::engine::Engine;

/// A column that can be said to sea-query.
pub(super) struct ColumnCode {
    pub(super) name: String,
    ty: Result<TypeCode, Both<String>>,
    nullable: bool,
    default: Option<DefaultCode>,
    generated: Option<(Both<String>, bool)>,
    auto_increment: bool,
    /// Whether the key stands with the column, which AUTOINCREMENT needs.
    primary_key: bool,
    /// For each engine, what sea-query has no word for.
    extra: Both<String>,
}

enum DefaultCode {
    Integer(i64),
    Boolean(bool),
    Text(String),
    Expression(Both<String>),
}

impl ColumnCode {
    /// The column that both mean, unless they mean too different ones.
    pub(super) fn new(columns: Both<&Column>) -> Option<Self> {
        let name = columns.map(|c| c.name.clone()).agreed()?;
        let nullable = columns.map(|c| c.nullable).agreed()?;
        let numbering = columns.all_or_none(|c| c.numbering)?;
        let is_serial = |n: Numbering| matches!(n, Numbering::Serial | Numbering::IdentityAlways);
        let auto_increment = match &numbering {
            Some(how) => !how.map(|n| is_serial(*n)).agreed()?,
            None => false,
        };
        let ty = if numbering.is_some() && !auto_increment {
            Err(columns.map(|c| numbered_type(c)))
        } else {
            type_code(&columns.map(|c| c.ty.as_str()))
        };
        let generated = match columns.all_or_none(|c| c.generated.as_ref())? {
            None => None,
            Some(how) => {
                let split = how.map(|text| text.rsplit_once(' ').unwrap_or((text, "STORED")));
                let stored = split.map(|(_, kept)| *kept == "STORED").agreed()?;
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

    /// Puts the primary key with the column.
    pub(super) fn set_primary_key(&mut self) {
        self.primary_key = true;
    }

    /// Whether the column is numbered in SQLite's way.
    pub(super) const fn is_numbered(&self) -> bool {
        self.auto_increment
    }

    /// Adds what sea-query has no word for, alike on both.
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
            Err(words) => ColumnDef::new_with_type(
                self.name.clone(),
                ColumnType::custom(words.of(engine).cloned().unwrap_or_default()),
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
            Some(DefaultCode::Expression(words)) => column.default(expression(words, engine)),
        };
        if let Some((words, stored)) = &self.generated {
            column.generated(expression(words, engine), *stored);
        }
        if self.auto_increment {
            column.auto_increment();
        }
        if self.primary_key {
            column.primary_key();
        }
        if self.has_extra() {
            column.extra(self.extra.of(engine).map(String::as_str).unwrap_or_default());
        }
        column
    }

    pub(super) fn source(&self, table: &str, idents: &mut Idents) -> String {
        let ident = idents.column(table, &self.name);
        let ty = match &self.ty {
            Ok(code) => code.method.clone(),
            Err(words) => format!("custom({})", words.source()),
        };
        let default = match &self.default {
            None => String::new(),
            Some(DefaultCode::Integer(value)) => format!(".default({value}_i64)"),
            Some(DefaultCode::Boolean(value)) => format!(".default({value})"),
            Some(DefaultCode::Text(value)) => format!(".default({})", literal(value)),
            Some(DefaultCode::Expression(words)) => format!(".default(Expr::cust({}))", words.source()),
        };
        let generated = self.generated.as_ref().map_or_else(String::new, |(words, stored)| {
            format!(".generated(Expr::cust({}), {stored})", words.source())
        });
        let when = |is: bool, words: &'static str| if is { words } else { "" };
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
    fn new(words: Both<String>) -> Self {
        // PostgreSQL adds the type to a text: 'a'::character varying.
        let bare = words.map(|text| match text.split_once("'::") {
            Some((start, _)) if start.starts_with('\'') => format!("{start}'"),
            _ => text.clone(),
        });
        let Some(value) = bare.agreed_any_case() else {
            return Self::Expression(words);
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
            // A backslash is read differently by sea-query for each engine.
            Some(text) if !text.contains(['\'', '\\']) => Self::Text(text.replace('\u{0}', "'")),
            _ => Self::Expression(words),
        }
    }
}

impl Both<String> {
    /// What both say, where capitals count in texts only.
    fn agreed_any_case(self) -> Option<String> {
        match (self.sqlite, self.postgres) {
            (Some(sqlite), Some(postgres)) => {
                let same = sqlite == postgres || (!sqlite.contains('\'') && sqlite.eq_ignore_ascii_case(&postgres));
                same.then_some(postgres)
            }
            (one, other) => one.or(other),
        }
    }
}

fn expression(words: &Both<String>, engine: Engine) -> Expr {
    Expr::cust(words.of(engine).cloned().unwrap_or_default())
}

/// A type that numbers its rows in a way that sea-query has no word for.
fn numbered_type(column: &Column) -> String {
    let words = Column {
        name: String::new(),
        nullable: true,
        default: None,
        collation: None,
        generated: None,
        ..column.clone()
    };
    words.sql(Engine::Postgres)
}

/// An expression without the parentheses around it.
fn inner(expression: &str) -> String {
    let inner = expression.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(expression).to_owned()
}

/// The single-column reference as it stands behind a column.
pub(super) fn reference(name: Option<&str>, table: &str, column: &str, rest: &str) -> String {
    let name = name
        .map(|name| format!("CONSTRAINT {} ", quoted(name)))
        .unwrap_or_default();
    format!("{name}REFERENCES {} ({}) {rest}", quoted(table), quoted(column))
}
