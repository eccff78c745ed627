//! Detection of PostgreSQL statements that lose data, block a running server or break the previous release.

use std::collections::BTreeMap;

use squawk_linter::{Linter, Rule, Violation};
use squawk_syntax::SourceFile;

use super::sql::statements_between;
use crate::error::Error;
use crate::project::Project;
use crate::scratch::ScratchHost;

/// The enabled rules. Style rules are disabled, as are rules that statements in a transaction cannot satisfy.
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

/// The prefix of a comment that disables a rule for a migration: `// lint: ban-drop-column, because …`.
const COMMENT: &str = "// lint: ";

/// Prints the violations in the `up` of each migration, and returns whether there are none.
pub(crate) async fn lint(project: &Project, host: &ScratchHost) -> Result<bool, Error> {
    let mut passed = true;
    for (name, statements) in statements_between(project, host, None, None).await? {
        let path = project.folder.join("src").join(format!("{name}.rs"));
        let source = std::fs::read_to_string(&path).map_err(|source| Error::File { path, source })?;
        for finding in findings(&statements, &exceptions(&source)?) {
            println!("{name}: {finding}");
            passed = false;
        }
    }
    if passed {
        println!("No problems found.");
    } else {
        println!(
            "\nTo disable a rule for a migration, add a comment with the reason to its file:\n\n    {COMMENT}RULE, because …"
        );
    }
    Ok(passed)
}

/// Returns the violations in these statements of rules that are not disabled.
fn findings(statements: &[String], exceptions: &BTreeMap<String, String>) -> Vec<String> {
    let sql = statements.join(";\n") + ";\n";
    let parsed = SourceFile::parse(&sql);
    let found = Linter::from(RULES).lint(&parsed, &sql);
    let enabled = found
        .iter()
        .filter(|violation| !exceptions.contains_key(&violation.code.to_string()));
    enabled.map(|violation| describe(violation, &sql)).collect()
}

fn describe(violation: &Violation, sql: &str) -> String {
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

/// Returns the rules that comments in a migration disable, with the reasons.
fn exceptions(source: &str) -> Result<BTreeMap<String, String>, Error> {
    let comments = source.lines().filter_map(|line| line.trim().strip_prefix(COMMENT));
    let reason = |comment: &str| {
        let (rule, reason) = comment.split_once(", because ").unwrap_or((comment, ""));
        if reason.trim().is_empty() {
            return Err(Error::Usage(format!(
                "the comment `{COMMENT}{comment}` has no reason; write `{COMMENT}RULE, because …`"
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
            &exceptions(source).unwrap_or_else(|e| panic!("{e}")),
        );
        found
            .iter()
            .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
            .collect()
    }

    #[test]
    fn unsafe_statements_are_reported() {
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
    fn comment_disables_only_its_rule() {
        let source = "    // lint: ban-drop-column, because it was never released\n";
        assert!(rules("ALTER TABLE users DROP COLUMN name", source).is_empty());
        assert_eq!(rules("DROP TABLE users", source), ["ban-drop-table"]);
        assert!(exceptions("// lint: ban-drop-table").is_err());
    }
}
