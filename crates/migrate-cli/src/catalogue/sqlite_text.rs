//! What SQLite tells only in the text of a `CREATE TABLE`: collations, checks, AUTOINCREMENT, generated
//! columns, unique constraints, names of constraints, and when references are checked.

use std::collections::BTreeMap;

use super::tokens::{Token, bare, quoted, tokens, written};
use super::{Constraint, ConstraintKind};

/// What the text of a table says beyond the pragmas.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableText {
    pub(super) columns: BTreeMap<String, ColumnText>,
    /// Unique constraints and checks.
    pub(super) constraints: Vec<Constraint>,
    /// The name of the primary key.
    pub(super) primary_key: Option<String>,
    /// For each reference, in the order of the text, its name and what stands behind its actions.
    pub(super) references: Vec<(Option<String>, String)>,
    /// What stands behind the parentheses, and what is said about conflicts.
    pub(super) options: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnText {
    pub(super) collation: Option<String>,
    pub(super) autoincrement: bool,
    pub(super) generated: Option<String>,
}

/// Reads the statement that made a table with these columns.
pub(super) fn read(sql: &str, columns: &[String]) -> TableText {
    let tokens = tokens(sql);
    let open = tokens.iter().position(|t| t.is_sign("(")).unwrap_or(tokens.len());
    let close = group_end(&tokens, open);
    let reader = Reader { columns };
    let mut table = TableText::default();
    for item in split(tokens.get(open + 1..close).unwrap_or_default()) {
        reader.item(item, &mut table);
    }
    table
        .options
        .push(reader.written(tokens.get(close + 1..).unwrap_or_default()));
    table.options.retain(|option| !option.is_empty());
    table
}

struct Reader<'a> {
    columns: &'a [String],
}

impl Reader<'_> {
    /// Reads what stands between two commas: a column with its constraints, or a constraint.
    fn item(&self, item: &[Token], table: &mut TableText) {
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
                    let inner = self.written(bare(&item[at + 1..=group_end(item, at + 1)]));
                    table.constraints.push(Constraint {
                        name: name.take(),
                        definition: format!("CHECK ({inner})"),
                        kind: ConstraintKind::Check(inner),
                    });
                }
                token if token.is("REFERENCES") => table.references.push((name.take(), deferral(&item[at..]))),
                token if token.is("CONFLICT") => {
                    let what = self.written(&item[..=(at + 1).min(item.len() - 1)]);
                    table.options.push(what);
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

    fn column(&self, token: &Token, rest: &[Token], text: &mut ColumnText) {
        if token.is("COLLATE") {
            text.collation = rest.get(1).and_then(Token::name).map(str::to_uppercase);
        } else if token.is("AUTOINCREMENT") {
            text.autoincrement = true;
        } else if token.is("AS") {
            let end = group_end(rest, 1);
            let kept = if rest.get(end + 1).is_some_and(|t| t.is("STORED")) {
                "STORED"
            } else {
                "VIRTUAL"
            };
            text.generated = Some(format!(
                "({}) {kept}",
                self.written(bare(&rest[1..=end.min(rest.len() - 1)]))
            ));
        }
    }

    fn unique(&self, name: Option<String>, columns: &[&[Token]]) -> Constraint {
        let names: Vec<String> = columns
            .iter()
            .filter_map(|column| Some(self.name(column.first()?.name()?)))
            .collect();
        // More than names, such as a collation, has no other form than its text.
        let plain = columns.iter().all(|column| column.len() == 1);
        let list: Vec<String> = columns.iter().map(|column| self.written(column)).collect();
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

    /// The name as the table has it, whose case SQLite does not care about.
    fn name(&self, name: &str) -> String {
        self.column_named(name).unwrap_or_else(|| name.to_owned())
    }

    fn column_named(&self, name: &str) -> Option<String> {
        self.columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name))
            .cloned()
    }

    fn written(&self, tokens: &[Token]) -> String {
        written(tokens, |word| self.column_named(word))
    }
}

/// What stands behind the actions of a reference.
fn deferral(tokens: &[Token]) -> String {
    let from = tokens.iter().position(|t| t.is("DEFERRABLE"));
    let Some(from) = from else { return String::new() };
    // `NOT DEFERRABLE` is the same as nothing.
    if tokens[from - 1].is("NOT") || !tokens[from + 1..].iter().any(|t| t.is("DEFERRED")) {
        return String::new();
    }
    "DEFERRABLE INITIALLY DEFERRED".to_owned()
}

/// Where the group ends that opens here.
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

/// Splits at the commas that are in no parentheses.
fn split(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_i32;
    tokens
        .split(|token| {
            depth += i32::from(token.is_sign("(")) - i32::from(token.is_sign(")"));
            depth == 0 && token.is_sign(",")
        })
        .collect()
}

/// An index without the name of its table: what it is over, and its condition.
pub(super) fn index(sql: &str, columns: &[String]) -> String {
    let tokens = tokens(sql);
    let reader = Reader { columns };
    let open = tokens.iter().position(|t| t.is_sign("(")).unwrap_or(tokens.len());
    let body = tokens.get(open..).unwrap_or_default();
    let Some(at) = body.iter().position(|t| t.is("WHERE")) else {
        return reader.written(body);
    };
    format!(
        "{} WHERE {}",
        reader.written(&body[..at]),
        reader.written(bare(&body[at + 1..]))
    )
}

/// A text of any kind in one spelling.
pub(super) fn text(sql: &str, columns: &[String]) -> String {
    Reader { columns }.written(bare(&tokens(sql)))
}

/// A list of names in parentheses.
pub(super) fn list(names: &[String]) -> String {
    format!(
        "({})",
        names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(sql: &str) -> TableText {
        read(sql, &["id".to_owned(), "email".to_owned(), "age".to_owned()])
    }

    #[test]
    fn a_column_tells_what_its_pragma_does_not() {
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
    fn constraints_are_read_wherever_they_stand() {
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
        assert_eq!(table.references, [deferred, (None, String::new())]);
        assert_eq!(table.options, ["WITHOUT ROWID"]);
    }

    #[test]
    fn an_answer_to_conflicts_is_not_overlooked() {
        assert_ne!(
            table("CREATE TABLE t (id int UNIQUE ON CONFLICT IGNORE)"),
            table("CREATE TABLE t (id int UNIQUE)")
        );
    }
}
