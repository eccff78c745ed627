//! Introspection of PostgreSQL: the current schema, which is the first in the search path.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

use super::{Column, Constraint, ConstraintKind, DatabaseSchema, ForeignKey, Index, Numbering, Table};
use crate::engine::Engine;

const TABLES: &str = "SELECT c.relname::text FROM pg_class c WHERE c.relkind IN ('r', 'p') \
     AND c.relnamespace = current_schema()::regnamespace ORDER BY 1";

const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, \
     pg_get_expr(d.adbin, d.adrelid, true), CASE WHEN a.attcollation <> t.typcollation THEN quote_ident(o.collname) END, \
     a.attidentity::text, a.attgenerated::text, EXISTS (SELECT FROM pg_depend p JOIN pg_class s ON s.oid = p.objid \
     WHERE p.refobjid = c.oid AND p.refobjsubid = a.attnum AND p.deptype = 'a' AND s.relkind = 'S') \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation o ON o.oid = a.attcollation \
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, a.attnum";

/// Lists of names are separated by the unit separator, which no name contains.
const CONSTRAINTS: &str = "SELECT c.relname::text, k.conname::text, k.contype::text, pg_get_constraintdef(k.oid, true), \
     (SELECT string_agg(a.attname, chr(31) ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY u (at, n) \
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.at), r.relname::text, \
     (SELECT string_agg(a.attname, chr(31) ORDER BY u.n) FROM unnest(k.confkey) WITH ORDINALITY u (at, n) \
      JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.at), \
     k.confdeltype::text, k.confupdtype::text, k.condeferrable, k.condeferred, k.confmatchtype::text, k.convalidated \
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class r ON r.oid = k.confrelid \
     WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('p', 'u', 'f', 'c', 'x') \
     ORDER BY c.relname, k.conname";

/// An index is plain if it has nothing but columns and directions.
const INDEXES: &str = "SELECT c.relname::text, n.relname::text, i.indisunique, pg_get_indexdef(i.indexrelid, 0, true), \
     (SELECT string_agg(a.attname || chr(31) || (i.indoption[u.n - 1] & 1), chr(30) ORDER BY u.n) \
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY u (at, n) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.at), \
     format('CREATE %sINDEX %I ON %I USING btree (', CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, n.relname, c.relname) \
     || (SELECT string_agg(quote_ident(a.attname) || CASE WHEN i.indoption[u.n - 1] = 3 THEN ' DESC' ELSE '' END, ', ' \
         ORDER BY u.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY u (at, n) \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.at) || ')' = pg_get_indexdef(i.indexrelid, 0, true) \
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid \
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') \
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) \
     ORDER BY c.relname, n.relname";

/// All other objects in the schema that do not belong to an extension, with their definitions.
const OTHER_OBJECTS: &str = "WITH extension_objects AS (SELECT objid FROM pg_depend WHERE deptype = 'e') \
     SELECT 'view ' || relname, pg_get_viewdef(oid, true) FROM pg_class WHERE relkind IN ('v', 'm') \
     AND relnamespace = current_schema()::regnamespace AND oid NOT IN (SELECT objid FROM extension_objects) \
     UNION ALL SELECT 'sequence ' || relname, '' FROM pg_class c WHERE relkind = 'S' \
     AND relnamespace = current_schema()::regnamespace AND oid NOT IN (SELECT objid FROM extension_objects) \
     AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.objid = c.oid AND p.deptype IN ('a', 'i')) \
     UNION ALL SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid) FROM pg_proc p WHERE prokind IN ('f', 'p') \
     AND pronamespace = current_schema()::regnamespace AND oid NOT IN (SELECT objid FROM extension_objects) \
     UNION ALL SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass, pg_get_triggerdef(t.oid, true) FROM pg_trigger t \
     JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace \
     UNION ALL SELECT 'enum ' || typname, (SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum \
     WHERE enumtypid = t.oid) FROM pg_type t WHERE typtype = 'e' AND typnamespace = current_schema()::regnamespace \
     AND oid NOT IN (SELECT objid FROM extension_objects) ORDER BY 1";

pub(super) async fn read(db: &impl ConnectionTrait) -> Result<DatabaseSchema, DbErr> {
    let mut columns = grouped(db, COLUMNS, column).await?;
    let mut constraints = grouped(db, CONSTRAINTS, constraint).await?;
    let mut indexes = grouped(db, INDEXES, index).await?;
    let mut tables = BTreeMap::new();
    for row in rows(db, TABLES).await? {
        let name: String = row.try_get_by_index(0)?;
        let table = Table {
            columns: columns.remove(&name).unwrap_or_default(),
            constraints: constraints.remove(&name).unwrap_or_default(),
            indexes: indexes.remove(&name).unwrap_or_default(),
            options: String::new(),
            sql: None,
            name: name.clone(),
        };
        tables.insert(name, table);
    }
    let mut other_objects = BTreeMap::new();
    for row in rows(db, OTHER_OBJECTS).await? {
        other_objects.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    Ok(DatabaseSchema {
        engine: Engine::Postgres,
        tables,
        other_objects,
    })
}

fn column(row: &QueryResult) -> Result<Column, DbErr> {
    let expression: Option<String> = row.try_get_by_index(4)?;
    let identity: String = row.try_get_by_index(6)?;
    let generated = row.try_get_by_index::<String>(7)?;
    let is_serial = row.try_get_by_index::<bool>(8)? && identity.is_empty();
    let numbering = match identity.as_str() {
        "d" => Some(Numbering::Identity),
        "a" => Some(Numbering::IdentityAlways),
        _ => is_serial.then_some(Numbering::Serial),
    };
    let (default, generated) = match generated.as_str() {
        "" => (expression.filter(|_| !is_serial), None),
        kind => {
            let kind = if kind == "s" { "STORED" } else { "VIRTUAL" };
            (None, expression.map(|expression| format!("({expression}) {kind}")))
        }
    };
    Ok(Column {
        name: row.try_get_by_index(1)?,
        ty: row.try_get_by_index(2)?,
        nullable: row.try_get_by_index(3)?,
        default,
        collation: row.try_get_by_index(5)?,
        numbering,
        generated,
    })
}

fn constraint(row: &QueryResult) -> Result<Constraint, DbErr> {
    let definition: String = row.try_get_by_index(3)?;
    let columns = names(row.try_get_by_index(4)?);
    let kind: String = row.try_get_by_index(2)?;
    // Further clauses of a key follow the column list.
    let is_plain = definition.ends_with(')') && definition.matches(')').count() == 1;
    let kind = match kind.as_str() {
        "p" if is_plain => ConstraintKind::PrimaryKey(columns),
        "u" if is_plain && !definition.contains("NULLS NOT DISTINCT") => ConstraintKind::Unique(columns),
        "f" => foreign_key(row, columns)?,
        "c" => {
            let inner = definition
                .strip_prefix("CHECK (")
                .and_then(|rest| rest.strip_suffix(')'));
            inner.map_or(ConstraintKind::Other, |inner| ConstraintKind::Check(inner.to_owned()))
        }
        _ => ConstraintKind::Other,
    };
    Ok(Constraint {
        name: Some(row.try_get_by_index(1)?),
        kind,
        definition,
    })
}

fn foreign_key(row: &QueryResult, columns: Vec<String>) -> Result<ConstraintKind, DbErr> {
    let action = |at: usize| {
        row.try_get_by_index::<String>(at).map(|code| {
            match code.as_str() {
                "r" => "RESTRICT",
                "c" => "CASCADE",
                "n" => "SET NULL",
                "d" => "SET DEFAULT",
                _ => "NO ACTION",
            }
            .to_owned()
        })
    };
    let (deferrable, deferred): (bool, bool) = (row.try_get_by_index(9)?, row.try_get_by_index(10)?);
    let full = row.try_get_by_index::<String>(11)? == "f";
    let validated: bool = row.try_get_by_index(12)?;
    if full || !validated {
        return Ok(ConstraintKind::Other);
    }
    let rest = match (deferrable, deferred) {
        (true, true) => "DEFERRABLE INITIALLY DEFERRED",
        (true, false) => "DEFERRABLE",
        _ => "",
    };
    Ok(ConstraintKind::ForeignKey(ForeignKey {
        columns,
        table: row.try_get_by_index(5)?,
        references: names(row.try_get_by_index(6)?),
        on_delete: action(7)?,
        on_update: action(8)?,
        rest: rest.to_owned(),
    }))
}

fn index(row: &QueryResult) -> Result<Index, DbErr> {
    let columns: Option<String> = row.try_get_by_index(4)?;
    let is_plain = row.try_get_by_index::<Option<bool>>(5)? == Some(true);
    let column = |text: &str| {
        let (name, descends) = text.split_once('\u{1f}')?;
        Some((name.to_owned(), descends == "1"))
    };
    let columns = columns.filter(|_| is_plain);
    Ok(Index {
        name: row.try_get_by_index(1)?,
        unique: row.try_get_by_index(2)?,
        columns: columns.and_then(|text| text.split('\u{1e}').map(column).collect()),
        sql: row.try_get_by_index(3)?,
    })
}

fn names(list: Option<String>) -> Vec<String> {
    list.map(|list| list.split('\u{1f}').map(str::to_owned).collect())
        .unwrap_or_default()
}

/// Runs a query and groups the parsed rows by the first column.
async fn grouped<T>(
    db: &impl ConnectionTrait,
    sql: &str,
    read: impl Fn(&QueryResult) -> Result<T, DbErr>,
) -> Result<BTreeMap<String, Vec<T>>, DbErr> {
    let mut groups: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for row in rows(db, sql).await? {
        groups.entry(row.try_get_by_index(0)?).or_default().push(read(&row)?);
    }
    Ok(groups)
}

async fn rows(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await
}
