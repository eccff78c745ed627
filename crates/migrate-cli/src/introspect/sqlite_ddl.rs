//! Parsing of SQLite's `CREATE` statements for what no pragma reports: collations, checks, AUTOINCREMENT, generated
//! columns, unique constraints, constraint names and deferred foreign keys.

use std::collections::BTreeMap;

use super::tokens::{Token, quoted, to_sql, tokens, without_parentheses};
use super::{Constraint, ConstraintKind};

/// The parts of a table definition that no pragma reports.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableDdl {
    pub(super) columns: BTreeMap<String, ColumnDdl>,
    /// Unique constraints and checks.
    pub(super) constraints: Vec<Constraint>,
    /// The name of the primary key.
    pub(super) primary_key: Option<String>,
    /// The name and deferral clause of each foreign key, in order of definition.
    pub(super) foreign_keys: Vec<(Option<String>, String)>,
    /// The table options after the closing parenthesis, and conflict clauses.
    pub(super) options: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnDdl {
    pub(super) collation: Option<String>,
    pub(super) autoincrement: bool,
    pub(super) generated: Option<String>,
}

/// Parses the `CREATE TABLE` statement of a table with these columns.
pub(super) fn parse_table(sql: &str, columns: &[String]) -> TableDdl {
    let tokens = tokens(sql);
    let open = tokens.iter().position(|t| t.is_sign("(")).unwrap_or(tokens.len());
    let close = group_end(&tokens, open);
    let parser = Parser { columns };
    let mut table = TableDdl::default();
    for item in split(tokens.get(open + 1..close).unwrap_or_default()) {
        parser.item(item, &mut table);
    }
    table
        .options
        .push(parser.to_sql(tokens.get(close + 1..).unwrap_or_default()));
    table.options.retain(|option| !option.is_empty());
    table
}

struct Parser<'a> {
    columns: &'a [String],
}

impl Parser<'_> {
    /// Parses an item between two commas: a column with its constraints, or a table constraint.
    fn item(&self, item: &[Token], table: &mut TableDdl) {
        let Some(first) = item.first() else { return };
        let is_constraint = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]
            .iter()
            .any(|k| first.is(k));
        let column = if is_constraint {
            None
        } else {
            first.name().map(|name| self.name(name))
        };
        let mut name = None;
        let mut at = usize::from(column.is_some());
        while at < item.len() {
            let next = item.get(at + 1);
            match &item[at] {
                token if token.is("CONSTRAINT") => {
                    name = next.and_then(Token::name).map(str::to_owned);
                    at += 1;
                }
                token if token.is("PRIMARY") => table.primary_key = name.take(),
                token if token.is("UNIQUE") => {
                    let columns = match (&column, next) {
                        (None, Some(open)) if open.is_sign("(") => split(&item[at + 2..group_end(item, at + 1)]),
                        _ => vec![&item[..1]],
                    };
                    table.constraints.push(self.unique(name.take(), &columns));
                }
                token if token.is("CHECK") => {
                    let inner = self.to_sql(without_parentheses(&item[at + 1..=group_end(item, at + 1)]));
                    table.constraints.push(Constraint {
                        name: name.take(),
                        definition: format!("CHECK ({inner})"),
                        kind: ConstraintKind::Check(inner),
                    });
                }
                token if token.is("REFERENCES") => table.foreign_keys.push((name.take(), deferral(&item[at..]))),
                token if token.is("CONFLICT") => {
                    let clause = self.to_sql(&item[..=(at + 1).min(item.len() - 1)]);
                    table.options.push(clause);
                }
                token => {
                    if let Some(column) = &column {
                        self.column(token, &item[at..], table.columns.entry(column.clone()).or_default());
                    }
                }
            }
            at = if item[at].is_sign("(") { group_end(item, at) } else { at } + 1;
        }
    }

    fn column(&self, token: &Token, rest: &[Token], column: &mut ColumnDdl) {
        if token.is("COLLATE") {
            column.collation = rest.get(1).and_then(Token::name).map(str::to_uppercase);
        } else if token.is("AUTOINCREMENT") {
            column.autoincrement = true;
        } else if token.is("AS") {
            let end = group_end(rest, 1);
            let kind = if rest.get(end + 1).is_some_and(|t| t.is("STORED")) {
                "STORED"
            } else {
                "VIRTUAL"
            };
            column.generated = Some(format!(
                "({}) {kind}",
                self.to_sql(without_parentheses(&rest[1..=end.min(rest.len() - 1)]))
            ));
        }
    }

    fn unique(&self, name: Option<String>, columns: &[&[Token]]) -> Constraint {
        let names: Vec<String> = columns
            .iter()
            .filter_map(|column| Some(self.name(column.first()?.name()?)))
            .collect();
        // A column with more than a name, such as a collation, is only described by its SQL.
        let plain = columns.iter().all(|column| column.len() == 1);
        let list: Vec<String> = columns.iter().map(|column| self.to_sql(column)).collect();
        Constraint {
            name,
            definition: format!("UNIQUE ({})", list.join(", ")),
            kind: if plain {
                ConstraintKind::Unique(names)
            } else {
                ConstraintKind::Other
            },
        }
    }

    /// Returns the name as the table spells it; SQLite ignores case.
    fn name(&self, name: &str) -> String {
        self.column_named(name).unwrap_or_else(|| name.to_owned())
    }

    fn column_named(&self, name: &str) -> Option<String> {
        self.columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name))
            .cloned()
    }

    fn to_sql(&self, tokens: &[Token]) -> String {
        to_sql(tokens, |word| self.column_named(word))
    }
}

/// Returns the clause that defers a foreign key, or an empty string.
fn deferral(tokens: &[Token]) -> String {
    let from = tokens.iter().position(|t| t.is("DEFERRABLE"));
    let Some(from) = from else { return String::new() };
    // `NOT DEFERRABLE` is the default.
    if tokens[from - 1].is("NOT") || !tokens[from + 1..].iter().any(|t| t.is("DEFERRED")) {
        return String::new();
    }
    "DEFERRABLE INITIALLY DEFERRED".to_owned()
}

/// Returns the index of the parenthesis that closes the one at `open`.
fn group_end(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        depth += i32::from(token.is_sign("(")) - i32::from(token.is_sign(")"));
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

/// Splits at the commas outside parentheses.
fn split(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_i32;
    tokens
        .split(|token| {
            depth += i32::from(token.is_sign("(")) - i32::from(token.is_sign(")"));
            depth == 0 && token.is_sign(",")
        })
        .collect()
}

/// Returns the column list and condition of a `CREATE INDEX` statement in normalized form.
pub(super) fn normalize_index(sql: &str, columns: &[String]) -> String {
    let tokens = tokens(sql);
    let parser = Parser { columns };
    let open = tokens.iter().position(|t| t.is_sign("(")).unwrap_or(tokens.len());
    let body = tokens.get(open..).unwrap_or_default();
    let Some(at) = body.iter().position(|t| t.is("WHERE")) else {
        return parser.to_sql(body);
    };
    format!(
        "{} WHERE {}",
        parser.to_sql(&body[..at]),
        parser.to_sql(without_parentheses(&body[at + 1..]))
    )
}

/// Returns any SQL text in normalized form.
pub(super) fn normalize(sql: &str, columns: &[String]) -> String {
    Parser { columns }.to_sql(without_parentheses(&tokens(sql)))
}

/// Returns a parenthesized list of quoted names.
pub(super) fn name_list(names: &[String]) -> String {
    format!(
        "({})",
        names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(sql: &str) -> TableDdl {
        parse_table(sql, &["id".to_owned(), "email".to_owned(), "age".to_owned()])
    }

    #[test]
    fn column_clauses_are_parsed() {
        let table = table(
            "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, Email varchar(9) COLLATE nocase UNIQUE, \
             age int AS (length(email) + 1) STORED)",
        );
        assert!(table.columns["id"].autoincrement);
        assert_eq!(table.columns["email"].collation.as_deref(), Some("NOCASE"));
        assert_eq!(
            table.columns["age"].generated.as_deref(),
            Some(r#"(LENGTH ("email") + 1) STORED"#)
        );
        assert_eq!(table.constraints[0].definition, r#"UNIQUE ("email")"#);
    }

    #[test]
    fn column_and_table_constraints_are_parsed() {
        let table = table(
            "CREATE TABLE t (id int CHECK (id > 0), email text CONSTRAINT fk REFERENCES u(id) ON DELETE CASCADE \
             DEFERRABLE INITIALLY DEFERRED, age int, CONSTRAINT pk PRIMARY KEY (id), CONSTRAINT uq UNIQUE (email, age), \
             CONSTRAINT ck CHECK ((age < 200) AND (id <> age)), FOREIGN KEY (age) REFERENCES u (id)) WITHOUT ROWID",
        );
        let found: Vec<_> = table
            .constraints
            .iter()
            .map(|c| (c.name.as_deref(), c.definition.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (None, r#"CHECK ("id" > 0)"#),
                (Some("uq"), r#"UNIQUE ("email", "age")"#),
                (Some("ck"), r#"CHECK (("age" < 200) AND ("id" <> "age"))"#),
            ]
        );
        assert_eq!(table.primary_key.as_deref(), Some("pk"));
        let deferred = (Some("fk".to_owned()), "DEFERRABLE INITIALLY DEFERRED".to_owned());
        assert_eq!(table.foreign_keys, [deferred, (None, String::new())]);
        assert_eq!(table.options, ["WITHOUT ROWID"]);
    }

    #[test]
    fn on_conflict_clause_is_a_difference() {
        assert_ne!(
            table("CREATE TABLE t (id int UNIQUE ON CONFLICT IGNORE)"),
            table("CREATE TABLE t (id int UNIQUE)")
        );
    }
}
