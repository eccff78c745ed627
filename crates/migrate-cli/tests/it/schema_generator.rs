//! Random schemas with rows.

use std::collections::BTreeMap;

use proptest::prelude::{Strategy, any};
use proptest::{collection, option, sample};
use vestibule_migrate_cli::Engine;

/// Columns whose types can be converted into each other, because all their values are numeric.
const COLUMNS: [&str; 4] = ["c0", "c1", "c2", "c3"];

/// The tables of a schema by name.
pub(crate) type Schema = BTreeMap<&'static str, Table>;

#[derive(Debug, Clone)]
pub(crate) struct Table {
    columns: BTreeMap<&'static str, Column>,
    numbered: bool,
    without_rowid: bool,
    check: Option<(u8, bool)>,
    reference: Option<(usize, u8)>,
    index: Option<u8>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent property of a column"
)]
#[derive(Debug, Clone)]
struct Column {
    ty: usize,
    nullable: bool,
    default: bool,
    unique: bool,
    collated: bool,
}

/// The SQLite type, the PostgreSQL type, and `true` if it is text.
const TYPES: [(&str, &str, bool); 6] = [
    ("text", "text", true),
    ("varchar(30)", "varchar(30)", true),
    ("varchar(40)", "varchar(40)", true),
    ("integer", "bigint", false),
    ("double", "double precision", false),
    ("smallint", "smallint", false),
];

const ACTIONS: [&str; 4] = [
    "",
    "ON DELETE CASCADE",
    "ON DELETE SET NULL ON UPDATE CASCADE",
    "DEFERRABLE INITIALLY DEFERRED",
];

pub(crate) fn schema() -> impl Strategy<Value = Schema> {
    let tables = sample::subsequence(vec!["t0", "t1", "t2"], 1..=3);
    (tables, collection::vec(table(), 3)).prop_map(|(names, tables)| names.into_iter().zip(tables).collect())
}

fn table() -> impl Strategy<Value = Table> {
    let columns = (
        sample::subsequence(COLUMNS.to_vec(), 0..=4),
        collection::vec(column(), 4),
    )
        .prop_map(|(names, columns)| names.into_iter().zip(columns).collect());
    let check = option::of((0..3_u8, any::<bool>()));
    let reference = option::of((0..3_usize, 0..4_u8));
    (columns, any::<(bool, bool)>(), check, reference, option::of(0..6_u8)).prop_map(
        |(columns, (numbered, without_rowid), check, reference, index)| Table {
            columns,
            numbered,
            without_rowid: without_rowid && !numbered,
            check,
            reference,
            index,
        },
    )
}

fn column() -> impl Strategy<Value = Column> {
    (0..TYPES.len(), any::<(bool, bool, bool, bool)>()).prop_map(|(ty, (nullable, default, unique, collated))| Column {
        ty,
        nullable,
        // A default would violate the unique constraint, because it is the same for all rows.
        default: default && !unique,
        unique,
        collated: collated && TYPES[ty].2,
    })
}

/// Returns the statements that create the schema.
pub(crate) fn statements(schema: &Schema, engine: Engine) -> Vec<String> {
    let tables = schema.iter().map(|(name, table)| table.sql(name, schema, engine));
    let indexes = schema.iter().filter_map(|(name, table)| table.index_sql(name));
    let references = schema
        .iter()
        .filter_map(|(name, table)| table.late_reference(name, schema, engine));
    tables.chain(indexes).chain(references).collect()
}

/// Returns the statements that insert two rows with a number in every column into each table.
///
/// A row references another one only if the reference is also valid in the `other` schema.
pub(crate) fn rows(schema: &Schema, other: &Schema) -> Vec<String> {
    let insert = |(name, table): (&&str, &Table)| {
        let columns: Vec<&str> = table.columns.keys().copied().collect();
        let row = |id: u8| {
            let values = columns
                .iter()
                .enumerate()
                .map(|(at, _)| format!("'{}'", 10 * (at + 1) + usize::from(id)));
            [id.to_string()]
                .into_iter()
                .chain(values)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let names: Vec<&str> = ["id"].into_iter().chain(columns.iter().copied()).collect();
        format!(
            "INSERT INTO {name} ({}) VALUES ({}), ({})",
            names.join(", "),
            row(1),
            row(2)
        )
    };
    let references = |(name, table): (&&str, &Table)| {
        let target = table.target(schema).filter(|target| other.contains_key(target))?;
        let later = other.get(name).and_then(|table| table.target(other));
        if later.is_some_and(|later| later != target) {
            return None;
        }
        Some(format!("UPDATE {name} SET ref = (SELECT max(id) FROM {target})"))
    };
    schema
        .iter()
        .map(insert)
        .chain(schema.iter().filter_map(references))
        .collect()
}

/// Returns a backfill value for a column, converted to its type.
pub(crate) fn backfill(schemas: [&Schema; 2], column: &str, expression: &str) -> String {
    let (table, name) = column.split_once('.').unwrap_or_default();
    let column = schemas.iter().find_map(|schema| schema.get(table)?.columns.get(name));
    match column.map(|column| TYPES[column.ty]) {
        Some((_, _, true)) => format!("CAST({expression} AS varchar(30))"),
        _ => expression.to_owned(),
    }
}

/// Returns, for each table of both schemas, the columns with the same type in both.
pub(crate) fn common_columns<'a>(one: &'a Schema, other: &'a Schema) -> Vec<(&'static str, Vec<&'static str>)> {
    let tables = one
        .iter()
        .filter_map(|(name, table)| Some((*name, table, other.get(name)?)));
    let columns = |table: &Table, other: &Table| {
        let same = |(name, column): (&&'static str, &Column)| {
            let is_same = other.columns.get(name).is_some_and(|other| other.ty == column.ty);
            is_same.then_some(*name)
        };
        table.columns.iter().filter_map(same).collect()
    };
    tables
        .map(|(name, table, other)| (name, columns(table, other)))
        .collect()
}

impl Table {
    fn sql(&self, name: &str, schema: &Schema, engine: Engine) -> String {
        let mut parts = vec![match (engine, self.numbered) {
            (Engine::Sqlite, true) => "id integer NOT NULL PRIMARY KEY AUTOINCREMENT".to_owned(),
            (Engine::Sqlite, false) => "id integer NOT NULL".to_owned(),
            (Engine::Postgres, true) => "id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY".to_owned(),
            (Engine::Postgres, false) => "id bigint NOT NULL".to_owned(),
        }];
        if self.reference.is_some() {
            parts.push(
                if engine == Engine::Sqlite {
                    "ref integer"
                } else {
                    "ref bigint"
                }
                .to_owned(),
            );
        }
        parts.extend(self.columns.iter().map(|(name, column)| column.sql(name, engine)));
        if !self.numbered {
            parts.push(format!("CONSTRAINT {name}_pkey PRIMARY KEY (id)"));
        }
        let uniques = self.columns.iter().filter(|(_, column)| column.unique);
        parts.extend(uniques.map(|(column, _)| format!("CONSTRAINT uq_{name}_{column} UNIQUE ({column})")));
        if let Some((bound, named)) = self.check {
            let constraint = if named {
                format!("CONSTRAINT ck_{name} ")
            } else {
                String::new()
            };
            parts.push(format!("{constraint}CHECK (id > -{bound} AND id < 1000)"));
        }
        if engine == Engine::Sqlite {
            parts.extend(self.reference_sql(name, schema));
        }
        let options = if engine == Engine::Sqlite && self.without_rowid {
            " WITHOUT ROWID"
        } else {
            ""
        };
        format!("CREATE TABLE {name} ({}){options}", parts.join(", "))
    }

    fn target(&self, schema: &Schema) -> Option<&'static str> {
        let (target, _) = self.reference?;
        schema.keys().nth(target % schema.len()).copied()
    }

    fn reference_sql(&self, name: &str, schema: &Schema) -> Option<String> {
        let (target, (_, action)) = (self.target(schema)?, self.reference?);
        let action = ACTIONS[usize::from(action)];
        Some(format!(
            "CONSTRAINT fk_{name}_ref FOREIGN KEY (ref) REFERENCES {target} (id) {action}"
        ))
    }

    /// Returns the statement that adds the foreign key on PostgreSQL, where the referenced table must exist first.
    fn late_reference(&self, name: &str, schema: &Schema, engine: Engine) -> Option<String> {
        let reference = self
            .reference_sql(name, schema)
            .filter(|_| engine == Engine::Postgres)?;
        Some(format!("ALTER TABLE {name} ADD {reference}"))
    }

    fn index_sql(&self, name: &str) -> Option<String> {
        let text = self
            .columns
            .iter()
            .find(|(_, column)| TYPES[column.ty].2)
            .map(|(name, _)| *name);
        let first = self.columns.keys().next().copied().unwrap_or("id");
        let what = match (self.index?, text) {
            (0, _) => format!("({first})"),
            (1, _) => format!("({first} DESC, id)"),
            (2, _) => format!("({first}) WHERE id > 1"),
            (3, _) => format!("({first}) WHERE id > 2"),
            (4, Some(text)) => format!("(lower({text}))"),
            _ => return Some(format!("CREATE UNIQUE INDEX ix_{name} ON {name} (id DESC)")),
        };
        Some(format!("CREATE INDEX ix_{name} ON {name} {what}"))
    }
}

impl Column {
    fn sql(&self, name: &str, engine: Engine) -> String {
        let (sqlite, postgres, is_text) = TYPES[self.ty];
        let (ty, collation) = match engine {
            Engine::Sqlite => (sqlite, "COLLATE NOCASE"),
            Engine::Postgres => (postgres, "COLLATE \"C\""),
        };
        let mut sql = format!("{name} {ty}");
        if !self.nullable {
            sql += " NOT NULL";
        }
        if self.default {
            sql += if is_text { " DEFAULT '5'" } else { " DEFAULT 5" };
        }
        if self.collated {
            sql = format!("{sql} {collation}");
        }
        sql
    }
}
