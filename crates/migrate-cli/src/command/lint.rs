//! Statements that lose data, hold up a running server or break the release before.

use std::collections::BTreeMap;

use squawk_linter::{Linter, Rule, Violation};
use squawk_syntax::SourceFile;

use super::sql::between;
use crate::error::Error;
use crate::project::Project;
use crate::scratch::Place;

/// What counts here. Taste is left out, and what cannot be otherwise within the transaction of a migration.
const RULES: [Rule; 16] = [
    Rule::AddingFieldWithDefault,
    Rule::AddingForeignKeyConstraint,
    Rule::AddingNotNullableField,
    Rule::AddingRequiredField,
    Rule::AddingSerialPrimaryKeyField,
    Rule::BanDropColumn,
    Rule::BanDropDatabase,
    Rule::BanDropNotNull,
    Rule::BanDropTable,
    Rule::BanTruncateCascade,
    Rule::ChangingColumnType,
    Rule::ConstraintMissingNotValid,
    Rule::DisallowedUniqueConstraint,
    Rule::RenamingColumn,
    Rule::RenamingTable,
    Rule::RequireConcurrentIndexCreation,
];

/// Begins a comment in a migration that says why a rule does not matter there: `// lint: ban-drop-column, because …`.
const COMMENT: &str = "// lint: ";

/// Prints what the way up of each migration does that it better did not; whether there is nothing.
pub(crate) async fn lint(project: &Project, place: &Place) -> Result<bool, Error> {
    let mut good = true;
    for (name, statements) in between(project, place, None, None).await? {
        let path = project.folder.join("src").join(format!("{name}.rs"));
        let source = std::fs::read_to_string(&path).map_err(|source| Error::File { path, source })?;
        for finding in findings(&statements, &reasons(&source)?) {
            println!("{name}: {finding}");
            good = false;
        }
    }
    if good {
        println!("nothing to say against the migrations");
    } else {
        println!("\nWhere it is meant, say so in the file:\n\n    {COMMENT}RULE, because …");
    }
    Ok(good)
}

/// What is wrong with these statements and has no reason.
fn findings(statements: &[String], reasons: &BTreeMap<String, String>) -> Vec<String> {
    let sql = statements.join(";\n") + ";\n";
    let parsed = SourceFile::parse(&sql);
    let found = Linter::from(RULES).lint(&parsed, &sql);
    let unexplained = found
        .iter()
        .filter(|violation| !reasons.contains_key(&violation.code.to_string()));
    unexplained.map(|violation| told(violation, &sql)).collect()
}

fn told(violation: &Violation, sql: &str) -> String {
    let start = usize::from(violation.text_range.start());
    let from = sql[..start].rfind('\n').map_or(0, |at| at + 1);
    let statement = sql[from..].lines().next().unwrap_or_default();
    let help = violation
        .help
        .as_deref()
        .map(|help| format!(" {help}"))
        .unwrap_or_default();
    format!("{}: {}{help}\n    {statement}", violation.code, violation.message)
}

/// The rules that a migration breaks on purpose, and why.
fn reasons(source: &str) -> Result<BTreeMap<String, String>, Error> {
    let comments = source.lines().filter_map(|line| line.trim().strip_prefix(COMMENT));
    let reason = |comment: &str| {
        let (rule, reason) = comment.split_once(", because ").unwrap_or((comment, ""));
        if reason.trim().is_empty() {
            return Err(Error::Usage(format!(
                "`{COMMENT}{comment}` gives no reason: RULE, because …"
            )));
        }
        Ok((rule.trim().to_owned(), reason.trim().to_owned()))
    };
    comments.map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(statement: &str, source: &str) -> Vec<String> {
        let found = findings(
            &[statement.to_owned()],
            &reasons(source).unwrap_or_else(|e| panic!("{e}")),
        );
        found
            .iter()
            .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
            .collect()
    }

    #[test]
    fn what_loses_locks_or_breaks_is_found() {
        for (statement, rule) in [
            ("ALTER TABLE users DROP COLUMN name", "ban-drop-column"),
            ("DROP TABLE users", "ban-drop-table"),
            ("ALTER TABLE users RENAME COLUMN a TO b", "renaming-column"),
            ("ALTER TABLE users ALTER COLUMN a TYPE bigint", "changing-column-type"),
            ("CREATE INDEX i ON users (name)", "require-concurrent-index-creation"),
            (
                "ALTER TABLE users ALTER COLUMN a SET NOT NULL",
                "adding-not-nullable-field",
            ),
        ] {
            assert_eq!(rules(statement, ""), [rule], "{statement}");
        }
        assert_eq!(rules("CREATE TABLE t (a bigint NOT NULL)", ""), Vec::<String>::new());
    }

    #[test]
    fn a_reason_silences_its_rule_alone() {
        let source = "    // lint: ban-drop-column, because it was never released\n";
        assert!(rules("ALTER TABLE users DROP COLUMN name", source).is_empty());
        assert_eq!(rules("DROP TABLE users", source), ["ban-drop-table"]);
        assert!(reasons("// lint: ban-drop-table").is_err());
    }
}
