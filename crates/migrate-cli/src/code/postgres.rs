//! SQL for operations on PostgreSQL that sea-query cannot express.

use crate::diff::Op;
use crate::engine::Engine;
use crate::introspect::{Column, Numbering, Table, quoted};

const ENGINE: Engine = Engine::Postgres;

/// Returns the statements of an operation.
pub(super) fn statements(op: &Op) -> Vec<String> {
    match op {
        Op::CreateTable(table) => vec![create_table(table)],
        Op::DropTable(table) => vec![format!("DROP TABLE {}", quoted(&table.name))],
        Op::RenameTable { from, to } => vec![format!("ALTER TABLE {} RENAME TO {}", quoted(from), quoted(to))],
        Op::RenameColumn { table, from, to } => {
            vec![alter(
                table,
                &format!("RENAME COLUMN {} TO {}", quoted(from), quoted(to)),
            )]
        }
        Op::AddColumn {
            table,
            column,
            backfill,
        } => add_column(table, column, backfill.as_deref()),
        Op::DropColumn { table, column, .. } => vec![alter(table, &format!("DROP COLUMN {}", quoted(&column.name)))],
        Op::AlterColumn {
            table,
            from,
            to,
            backfill,
            ..
        } => alter_column(table, from, to, backfill.as_deref()),
        Op::AddConstraint { table, constraint } => {
            let name = constraint
                .name
                .as_deref()
                .map(|name| format!("CONSTRAINT {} ", quoted(name)));
            vec![alter(
                table,
                &format!("ADD {}{}", name.unwrap_or_default(), constraint.definition),
            )]
        }
        Op::DropConstraint { table, constraint } => {
            let name = constraint.name.as_deref().unwrap_or_default();
            vec![alter(table, &format!("DROP CONSTRAINT {}", quoted(name)))]
        }
        Op::RenameConstraint { table, from, to } => {
            vec![alter(
                table,
                &format!("RENAME CONSTRAINT {} TO {}", quoted(from), quoted(to)),
            )]
        }
        Op::CreateIndex { index, .. } => vec![index.sql.clone()],
        Op::DropIndex { index, .. } => vec![format!("DROP INDEX {}", quoted(&index.name))],
        Op::Rebuild { .. } => Vec::new(),
    }
}

fn alter(table: &str, action: &str) -> String {
    format!("ALTER TABLE {} {action}", quoted(table))
}

fn create_table(table: &Table) -> String {
    let columns = table
        .columns
        .iter()
        .map(|column| format!("{} {}", quoted(&column.name), column.sql(ENGINE)));
    let constraints = table.constraints.iter().map(|constraint| {
        let name = constraint
            .name
            .as_deref()
            .map(|name| format!("CONSTRAINT {} ", quoted(name)));
        name.unwrap_or_default() + &constraint.definition
    });
    let parts: Vec<String> = columns.chain(constraints).collect();
    format!("CREATE TABLE {} ({})", quoted(&table.name), parts.join(", "))
}

/// Returns the statements that add a column.
///
/// With a backfill, the column is nullable until existing rows have a value.
fn add_column(table: &str, column: &Column, backfill: Option<&str>) -> Vec<String> {
    let name = quoted(&column.name);
    let Some(backfill) = backfill else {
        return vec![alter(table, &format!("ADD COLUMN {name} {}", column.sql(ENGINE)))];
    };
    let as_nullable = Column {
        nullable: true,
        ..column.clone()
    };
    let mut statements = vec![
        alter(table, &format!("ADD COLUMN {name} {}", as_nullable.sql(ENGINE))),
        format!("UPDATE {} SET {name} = {backfill}", quoted(table)),
    ];
    if !column.nullable {
        statements.push(alter(table, &format!("ALTER COLUMN {name} SET NOT NULL")));
    }
    statements
}

fn alter_column(table: &str, from: &Column, to: &Column, backfill: Option<&str>) -> Vec<String> {
    let name = quoted(&to.name);
    let alter_column = |action: String| alter(table, &format!("ALTER COLUMN {name} {action}"));
    let new_type = from.ty != to.ty;
    let mut statements = Vec::new();
    if from.default.is_some() && (to.default.is_none() || new_type) {
        statements.push(alter_column("DROP DEFAULT".to_owned()));
    }
    if from.numbering.is_some() && to.numbering.is_none() {
        statements.push(alter_column("DROP IDENTITY".to_owned()));
    }
    if new_type || from.collation != to.collation {
        let collation = to
            .collation
            .as_ref()
            .map(|name| format!(" COLLATE {name}"))
            .unwrap_or_default();
        let using = backfill
            .filter(|_| new_type)
            .map(ToOwned::to_owned)
            .or_else(|| cast(from, to, &name));
        let using = using.map(|using| format!(" USING {using}")).unwrap_or_default();
        statements.push(alter_column(format!("TYPE {}{collation}{using}", to.ty)));
    }
    if let Some(backfill) = backfill.filter(|_| !new_type && !to.nullable) {
        statements.push(format!(
            "UPDATE {} SET {name} = {backfill} WHERE {name} IS NULL",
            quoted(table)
        ));
    }
    if from.nullable != to.nullable {
        statements.push(alter_column(format!(
            "{} NOT NULL",
            if to.nullable { "DROP" } else { "SET" }
        )));
    }
    match &to.default {
        Some(default) if from.default.as_ref() != Some(default) || new_type => {
            statements.push(alter_column(format!("SET DEFAULT {default}")));
        }
        _ => {}
    }
    let kind = |numbering: Numbering| match numbering {
        Numbering::IdentityAlways => "ALWAYS",
        _ => "BY DEFAULT",
    };
    match (from.numbering, to.numbering) {
        (None, Some(new)) => statements.push(alter_column(format!("ADD GENERATED {} AS IDENTITY", kind(new)))),
        (Some(old), Some(new)) if old != new => statements.push(alter_column(format!("SET GENERATED {}", kind(new)))),
        _ => {}
    }
    statements
}

/// Returns the explicit cast to the new type, if PostgreSQL requires one.
///
/// There is none to a text type, because an explicit cast would silently truncate long values.
fn cast(from: &Column, to: &Column, name: &str) -> Option<String> {
    let base = |ty: &str| ty.split('(').next().map(str::trim_end).unwrap_or_default().to_owned();
    let is_text = ["text", "character", "character varying"].contains(&base(&to.ty).as_str());
    (!is_text && base(&from.ty) != base(&to.ty)).then(|| format!("{name}::{}", to.ty))
}
