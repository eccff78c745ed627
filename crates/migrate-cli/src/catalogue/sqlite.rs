//! Reading the catalogue of SQLite.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

use super::sqlite_text::{self as text, TableText};
use super::tokens::quoted;
use super::{Catalogue, Column, Constraint, ConstraintKind, ForeignKey, Index, Numbering, Table};
use crate::engine::Engine;

const TABLES: &str = "SELECT m.name, m.sql FROM sqlite_schema m JOIN pragma_table_list l ON l.name = m.name \
     AND l.schema = 'main' AND l.type = 'table' WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     ORDER BY m.name";

const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_schema m \
     JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND c.hidden <> 1 ORDER BY m.name, c.cid";

const REFERENCES: &str = "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete, f.on_update, f.match \
     FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq";

const INDEXES: &str = "SELECT m.tbl_name, m.name, m.sql, i.\"unique\", i.partial, x.name, x.\"desc\", x.coll \
     FROM sqlite_schema m JOIN pragma_index_list(m.tbl_name) i ON i.name = m.name JOIN pragma_index_xinfo(m.name) x \
     WHERE m.type = 'index' AND i.origin = 'c' AND x.key = 1 ORDER BY m.tbl_name, m.name, x.seqno";

const OTHERS: &str = "SELECT m.type, m.name, m.sql FROM sqlite_schema m WHERE m.type IN ('view', 'trigger') \
     OR m.type = 'table' AND m.sql LIKE 'CREATE VIRTUAL%' ORDER BY m.type, m.name";

pub(super) async fn read(db: &impl ConnectionTrait) -> Result<Catalogue, DbErr> {
    let mut columns = grouped(db, COLUMNS).await?;
    let mut references = grouped(db, REFERENCES).await?;
    let mut indexes = grouped(db, INDEXES).await?;
    let mut tables = BTreeMap::new();
    for row in rows(db, TABLES).await? {
        let name: String = row.try_get_by_index(0)?;
        let sql: String = row.try_get_by_index(1)?;
        let found = columns.remove(&name).unwrap_or_default();
        let names: Vec<String> = found
            .iter()
            .map(|row| row.try_get_by_index(1))
            .collect::<Result<_, _>>()?;
        let text = text::read(&sql, &names);
        let mut table = Table {
            columns: found
                .iter()
                .map(|row| column(row, &text, &names))
                .collect::<Result<_, _>>()?,
            constraints: primary_key(&found, &text)?.into_iter().collect(),
            indexes: collect_indexes(&indexes.remove(&name).unwrap_or_default(), &names)?,
            options: text.options.join(", "),
            sql: Some(sql),
            name: name.clone(),
        };
        let references = references.remove(&name).unwrap_or_default();
        table.constraints.extend(foreign_keys(&references, &text)?);
        table.constraints.extend(text.constraints);
        tables.insert(name, table);
    }
    let mut others = BTreeMap::new();
    for row in rows(db, OTHERS).await? {
        let kind: String = row.try_get_by_index(0)?;
        let name: String = row.try_get_by_index(1)?;
        let sql: String = row.try_get_by_index(2)?;
        others.insert(format!("{kind} {name}"), text::text(&sql, &[]));
    }
    Ok(Catalogue {
        engine: Engine::Sqlite,
        tables,
        others,
    })
}

fn column(row: &QueryResult, text: &TableText, names: &[String]) -> Result<Column, DbErr> {
    let name: String = row.try_get_by_index(1)?;
    let default: Option<String> = row.try_get_by_index(4)?;
    let said = text.columns.get(&name);
    Ok(Column {
        // SQLite writes the types that it knows in capitals, whoever wrote them how.
        ty: row.try_get_by_index::<String>(2)?.to_lowercase(),
        nullable: row.try_get_by_index::<i32>(3)? == 0,
        default: default.map(|default| text::text(&default, names)),
        collation: said.and_then(|said| said.collation.clone()),
        numbering: said.and_then(|said| said.autoincrement.then_some(Numbering::Autoincrement)),
        generated: said.and_then(|said| said.generated.clone()),
        name,
    })
}

fn primary_key(columns: &[QueryResult], text: &TableText) -> Result<Option<Constraint>, DbErr> {
    let mut key: Vec<(i32, String)> = Vec::new();
    for row in columns {
        key.push((row.try_get_by_index(5)?, row.try_get_by_index(1)?));
    }
    key.retain(|(place, _)| *place > 0);
    key.sort();
    let key: Vec<String> = key.into_iter().map(|(_, name)| name).collect();
    Ok((!key.is_empty()).then(|| Constraint {
        name: text.primary_key.clone(),
        definition: format!("PRIMARY KEY {}", text::list(&key)),
        kind: ConstraintKind::PrimaryKey(key),
    }))
}

/// The pragma counts references from the last one on.
fn foreign_keys(rows: &[QueryResult], text: &TableText) -> Result<Vec<Constraint>, DbErr> {
    let mut found: BTreeMap<i32, ForeignKey> = BTreeMap::new();
    for row in rows {
        let key = found.entry(row.try_get_by_index(1)?).or_insert(ForeignKey {
            columns: Vec::new(),
            table: row.try_get_by_index(2)?,
            references: Vec::new(),
            on_delete: row.try_get_by_index(5)?,
            on_update: row.try_get_by_index(6)?,
            rest: String::new(),
        });
        key.columns.push(row.try_get_by_index(3)?);
        key.references.extend(row.try_get_by_index::<Option<String>>(4)?);
    }
    let keys = found.into_values().rev().enumerate().map(|(at, mut key)| {
        let (name, rest) = text.references.get(at).cloned().unwrap_or_default();
        key.rest = rest;
        Constraint {
            name,
            definition: key.sql(),
            kind: ConstraintKind::ForeignKey(key),
        }
    });
    Ok(keys.collect())
}

impl ForeignKey {
    /// The reference as it stands behind `CONSTRAINT name`.
    #[must_use]
    pub fn sql(&self) -> String {
        let Self {
            columns,
            table,
            references,
            on_delete,
            on_update,
            rest,
        } = self;
        let mut sql = format!("FOREIGN KEY {} REFERENCES {}", text::list(columns), quoted(table));
        if !references.is_empty() {
            sql = format!("{sql} {}", text::list(references));
        }
        for (event, action) in [("DELETE", on_delete), ("UPDATE", on_update)] {
            if action != "NO ACTION" {
                sql = format!("{sql} ON {event} {action}");
            }
        }
        format!("{sql} {rest}").trim_end().to_owned()
    }
}

/// The rows are one for each column of each index.
fn collect_indexes(rows: &[QueryResult], names: &[String]) -> Result<Vec<Index>, DbErr> {
    let mut found: Vec<Index> = Vec::new();
    for row in rows {
        let name: String = row.try_get_by_index(1)?;
        let column: Option<String> = row.try_get_by_index(5)?;
        let descends = row.try_get_by_index::<i32>(6)? == 1;
        let is_plain = row.try_get_by_index::<i32>(4)? == 0 && row.try_get_by_index::<String>(7)? == "BINARY";
        if found.last().is_none_or(|index| index.name != name) {
            let sql: String = row.try_get_by_index(2)?;
            let table: String = row.try_get_by_index(0)?;
            let unique = row.try_get_by_index::<i32>(3)? == 1;
            found.push(Index {
                sql: index_sql(&name, unique, &table, &text::index(&sql, names)),
                columns: Some(Vec::new()),
                name,
                unique,
            });
        }
        if let Some(index) = found.last_mut() {
            let column = column.filter(|_| is_plain).map(|column| (column, descends));
            index.columns = index.columns.take().zip(column).map(|(mut columns, column)| {
                columns.push(column);
                columns
            });
        }
    }
    Ok(found)
}

fn index_sql(name: &str, unique: bool, table: &str, body: &str) -> String {
    let unique = if unique { "UNIQUE " } else { "" };
    format!("CREATE {unique}INDEX {} ON {} {body}", quoted(name), quoted(table))
}

/// The rows of a query by their first column.
async fn grouped(db: &impl ConnectionTrait, sql: &str) -> Result<BTreeMap<String, Vec<QueryResult>>, DbErr> {
    let mut groups: BTreeMap<String, Vec<QueryResult>> = BTreeMap::new();
    for row in rows(db, sql).await? {
        groups.entry(row.try_get_by_index(0)?).or_default().push(row);
    }
    Ok(groups)
}

async fn rows(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await
}
