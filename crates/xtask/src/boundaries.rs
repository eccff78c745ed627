//! `cargo xtask boundaries`: the arrows between our crates, and what the domain leans on.

use std::collections::{BTreeMap, BTreeSet};

use crate::process::Line;
use crate::{Outcome, files};

/// Which of our crates each of them may depend on. Tests are free (they may use `vestibule-testing`), so
/// only normal dependencies count. A crate that is not in this table may not exist.
const ARROWS: &[(&str, Reach)] = &[
    (
        "vestibule-server",
        Only(&[
            "api",
            "domain",
            "mailer",
            "migrate",
            "migration",
            "persistence",
            "schema",
            "security",
        ]),
    ),
    ("vestibule-api", Only(&["domain", "persistence", "schema"])),
    ("vestibule-schema", Only(&["domain"])),
    ("vestibule-persistence", Only(&["domain"])),
    ("vestibule-security", Only(&["domain"])),
    ("vestibule-mailer", Only(&["domain"])),
    ("vestibule-domain", Only(&[])),
    ("vestibule-migration", Only(&["migrate"])),
    ("vestibule-migrate", Only(&[])),
    ("vestibule-migrate-cli", Only(&["migrate", "migration", "persistence"])),
    ("vestibule-testing", All),
    ("second-service", Only(&["domain", "security"])),
    ("notes", Only(&["migrate"])),
    ("xtask", Only(&[])),
];

/// Every package that the domain is built from, so that a new one is seen in review.
const DOMAIN_LIST: &str = "docs/domain-dependencies.txt";

use Reach::{All, Only};

enum Reach {
    All,
    /// Packages by their names without the prefix `vestibule-`.
    Only(&'static [&'static str]),
}

pub(crate) fn run(bless: bool) -> Outcome {
    arrows()?;
    domain_list(bless)?;
    // By itself: with the whole workspace, others may turn features on that it forgot to ask for.
    Line::new("cargo check --package vestibule-domain --locked").run()
}

fn arrows() -> Outcome {
    // With all features and repetitions: else a dependency could hide behind a feature, or where its crate
    // was mentioned before.
    let tree = Line::new("cargo tree --workspace --edges normal --depth 1 --prefix none --locked")
        .and(&["--all-features", "--no-dedupe"])
        .output()?;
    let wrong = violations(&tree);
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// Reads `cargo tree` of depth 1 for several packages: blocks of lines, first the package and then its
/// dependencies.
fn violations(tree: &str) -> Vec<String> {
    let blocks: Vec<Vec<&str>> = tree
        .split("\n\n")
        .map(|block| block.lines().filter_map(name).collect())
        .collect();
    let ours: BTreeSet<&str> = blocks.iter().filter_map(|block| block.first().copied()).collect();
    let table: BTreeMap<&str, &Reach> = ARROWS.iter().map(|(name, reach)| (*name, reach)).collect();
    let mut wrong = Vec::new();
    for (package, dependencies) in blocks.iter().filter_map(|block| block.split_first()) {
        match table.get(package) {
            None => wrong.push(format!(
                "`{package}` is not in the table of crates/xtask/src/boundaries.rs"
            )),
            Some(All) => {}
            Some(Only(allowed)) => {
                let may = |name: &str| {
                    name.strip_prefix("vestibule-")
                        .is_some_and(|name| allowed.contains(&name))
                };
                let ours = dependencies.iter().filter(|name| ours.contains(*name));
                wrong.extend(
                    ours.filter(|name| !may(name))
                        .map(|name| format!("`{package}` may not depend on `{name}`")),
                );
            }
        }
    }
    wrong
}

fn domain_list(bless: bool) -> Outcome {
    // One fixed target, so that the list is the same wherever it is made.
    let tree = Line::new("cargo tree --package vestibule-domain --edges normal --prefix none --locked")
        .and(&["--target", "x86_64-unknown-linux-gnu"])
        .output()?;
    let now: BTreeSet<&str> = tree
        .lines()
        .filter_map(name)
        .filter(|name| *name != "vestibule-domain")
        .collect();
    let list = now.iter().fold(String::new(), |list, name| list + name + "\n");
    if bless {
        return files::write(DOMAIN_LIST, list.as_bytes());
    }
    let committed = std::fs::read_to_string(DOMAIN_LIST).map_err(|e| format!("cannot read {DOMAIN_LIST}: {e}"))?;
    if list == committed {
        return Ok(());
    }
    let then: BTreeSet<&str> = committed.lines().collect();
    let added = now.difference(&then).map(|name| format!("  + {name}\n"));
    let removed = then.difference(&now).map(|name| format!("  - {name}\n"));
    let changes: String = added.chain(removed).collect();
    Err(format!(
        "the domain's dependencies are not those of {DOMAIN_LIST}:\n{changes}If that is meant: cargo xtask boundaries --bless"
    ))
}

/// The package's name in a line of `cargo tree`: `name v1.2.3 (where) (*)`.
fn name(line: &str) -> Option<&str> {
    line.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_of_the_table_are_allowed() {
        let tree = "vestibule-api v0.1.0 (/x)\nactix-web v4.0.0\nvestibule-domain v0.1.0 (/y)\n\n\
                    vestibule-domain v0.1.0 (/y)\nuuid v1.0.0\n\n\
                    vestibule-testing v0.1.0 (/z)\nvestibule-api v0.1.0 (/x)\n";
        assert_eq!(violations(tree), Vec::<String>::new());
    }

    #[test]
    fn other_arrows_and_unknown_crates_are_named() {
        let tree = "vestibule-domain v0.1.0 (/y)\nvestibule-testing v0.1.0 (/z)\n\n\
                    vestibule-testing v0.1.0 (/z)\n\nvestibule-new v0.1.0 (/n)\n";
        let wrong = violations(tree);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].contains("`vestibule-domain` may not depend on `vestibule-testing`"));
        assert!(wrong[1].contains("`vestibule-new` is not in the table"));
    }
}
