//! Introspection of SQLite, from pragmas and the stored `CREATE` statements.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

use super::sqlite_ddl::{self as ddl, TableDdl};
use super::tokens::quoted;
use super::{Column, Constraint, ConstraintKind, DatabaseSchema, ForeignKey, Index, Numbering, Table};
use crate::engine::Engine;

const TABLES: &str = "SELECT m.name, m.sql FROM sqlite_schema m JOIN pragma_table_list l ON l.name = m.name \
     AND l.schema = 'main' AND l.type = 'table' WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     ORDER BY m.name";

const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_schema m \
     JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND c.hidden <> 1 ORDER BY m.name, c.cid";

const FOREIGN_KEYS: &str = "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete, f.on_update, f.match \
     FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq";

const INDEXES: &str = "SELECT m.tbl_name, m.name, m.sql, i.\"unique\", i.partial, x.name, x.\"desc\", x.coll \
     FROM sqlite_schema m JOIN pragma_index_list(m.tbl_name) i ON i.name = m.name JOIN pragma_index_xinfo(m.name) x \
     WHERE m.type = 'index' AND i.origin = 'c' AND x.key = 1 ORDER BY m.tbl_name, m.name, x.seqno";

const OTHER_OBJECTS: &str = "SELECT m.type, m.name, m.sql FROM sqlite_schema m WHERE m.type IN ('view', 'trigger') \
     OR m.type = 'table' AND m.sql LIKE 'CREATE VIRTUAL%' ORDER BY m.type, m.name";

pub(super) async fn read(db: &impl ConnectionTrait) -> Result<DatabaseSchema, DbErr> {
    let mut columns = grouped(db, COLUMNS).await?;
    let mut foreign_keys = grouped(db, FOREIGN_KEYS).await?;
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
        let ddl = ddl::parse_table(&sql, &names);
        let mut table = Table {
            columns: found
                .iter()
                .map(|row| column(row, &ddl, &names))
                .collect::<Result<_, _>>()?,
            constraints: primary_key(&found, &ddl)?.into_iter().collect(),
            indexes: collect_indexes(&indexes.remove(&name).unwrap_or_default(), &names)?,
            options: ddl.options.join(", "),
            sql: Some(sql),
            name: name.clone(),
        };
        let rows = foreign_keys.remove(&name).unwrap_or_default();
        table.constraints.extend(collect_foreign_keys(&rows, &ddl)?);
        table.constraints.extend(ddl.constraints);
        tables.insert(name, table);
    }
    let mut other_objects = BTreeMap::new();
    for row in rows(db, OTHER_OBJECTS).await? {
        let kind: String = row.try_get_by_index(0)?;
        let name: String = row.try_get_by_index(1)?;
        let sql: String = row.try_get_by_index(2)?;
        other_objects.insert(format!("{kind} {name}"), ddl::normalize(&sql, &[]));
    }
    Ok(DatabaseSchema {
        engine: Engine::Sqlite,
        tables,
        other_objects,
    })
}

fn column(row: &QueryResult, ddl: &TableDdl, names: &[String]) -> Result<Column, DbErr> {
    let name: String = row.try_get_by_index(1)?;
    let default: Option<String> = row.try_get_by_index(4)?;
    let parsed = ddl.columns.get(&name);
    Ok(Column {
        // SQLite reports its own types in upper case, however they were written.
        ty: row.try_get_by_index::<String>(2)?.to_lowercase(),
        nullable: row.try_get_by_index::<i32>(3)? == 0,
        default: default.map(|default| ddl::normalize(&default, names)),
        collation: parsed.and_then(|parsed| parsed.collation.clone()),
        numbering: parsed.and_then(|parsed| parsed.autoincrement.then_some(Numbering::Autoincrement)),
        generated: parsed.and_then(|parsed| parsed.generated.clone()),
        name,
    })
}

fn primary_key(columns: &[QueryResult], ddl: &TableDdl) -> Result<Option<Constraint>, DbErr> {
    let mut key: Vec<(i32, String)> = Vec::new();
    for row in columns {
        key.push((row.try_get_by_index(5)?, row.try_get_by_index(1)?));
    }
    key.retain(|(position, _)| *position > 0);
    key.sort();
    let key: Vec<String> = key.into_iter().map(|(_, name)| name).collect();
    Ok((!key.is_empty()).then(|| Constraint {
        name: ddl.primary_key.clone(),
        definition: format!("PRIMARY KEY {}", ddl::name_list(&key)),
        kind: ConstraintKind::PrimaryKey(key),
    }))
}

/// Assembles foreign keys from pragma rows, which list them in reverse order of definition.
fn collect_foreign_keys(rows: &[QueryResult], ddl: &TableDdl) -> Result<Vec<Constraint>, DbErr> {
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
        let (name, rest) = ddl.foreign_keys.get(at).cloned().unwrap_or_default();
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
    /// Returns the definition as SQL, without `CONSTRAINT name`.
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
        let mut sql = format!("FOREIGN KEY {} REFERENCES {}", ddl::name_list(columns), quoted(table));
        if !references.is_empty() {
            sql = format!("{sql} {}", ddl::name_list(references));
        }
        for (event, action) in [("DELETE", on_delete), ("UPDATE", on_update)] {
            if action != "NO ACTION" {
                sql = format!("{sql} ON {event} {action}");
            }
        }
        format!("{sql} {rest}").trim_end().to_owned()
    }
}

/// Assembles indexes from rows, one for each column of each index.
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
                sql: index_sql(&name, unique, &table, &ddl::normalize_index(&sql, names)),
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

/// Runs a query and groups the rows by the first column.
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
