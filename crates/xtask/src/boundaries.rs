//! `cargo xtask boundaries`: dependencies between crates and between layers of the domain, and packages of the domain.

use std::collections::{BTreeMap, BTreeSet};

use crate::process::Line;
use crate::{Outcome, files, layers};

/// The workspace crates that each crate may depend on. Only normal dependencies count: tests may also use
/// `vestibule-testing`. Every crate must be in this table.
const ALLOWED: &[(&str, Dependencies)] = &[
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
    ("vestibule-soft-authenticator", Only(&[])),
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

/// Lists every package that the domain depends on, so that a new one is visible in a review.
const DOMAIN_LIST: &str = "docs/domain-dependencies.txt";

use Dependencies::{All, Only};

enum Dependencies {
    All,
    /// Names of packages without the prefix `vestibule-`.
    Only(&'static [&'static str]),
}

pub(crate) fn run(bless: bool) -> Outcome {
    crates()?;
    layers::check()?;
    domain_packages(bless)?;
    // Separately: in the workspace, other crates may enable features that the domain forgot to enable.
    Line::new("cargo check --package vestibule-domain --locked").run()
}

fn crates() -> Outcome {
    // With all features and without deduplication, so that no dependency is hidden by a feature or an earlier mention.
    let tree = Line::new("cargo tree --workspace --edges normal --depth 1 --prefix none --locked")
        .and(&["--all-features", "--no-dedupe"])
        .output()?;
    let violations = violations(&tree);
    if violations.is_empty() {
        Ok(())
    } else {
        Err(violations.join("\n"))
    }
}

/// Parses the output of `cargo tree --depth 1` for several packages: one block per package, which lists the package
/// and then its dependencies.
fn violations(tree: &str) -> Vec<String> {
    let blocks: Vec<Vec<&str>> = tree
        .split("\n\n")
        .map(|block| block.lines().filter_map(name).collect())
        .collect();
    let workspace: BTreeSet<&str> = blocks.iter().filter_map(|block| block.first().copied()).collect();
    let table: BTreeMap<&str, &Dependencies> = ALLOWED.iter().map(|(name, allowed)| (*name, allowed)).collect();
    let mut violations = Vec::new();
    for (package, dependencies) in blocks.iter().filter_map(|block| block.split_first()) {
        match table.get(package) {
            None => violations.push(format!(
                "`{package}` is not in the table of crates/xtask/src/boundaries.rs"
            )),
            Some(All) => {}
            Some(Only(allowed)) => {
                let may = |name: &str| {
                    name.strip_prefix("vestibule-")
                        .is_some_and(|name| allowed.contains(&name))
                };
                let internal = dependencies.iter().filter(|name| workspace.contains(*name));
                violations.extend(
                    internal
                        .filter(|name| !may(name))
                        .map(|name| format!("`{package}` may not depend on `{name}`")),
                );
            }
        }
    }
    violations
}

fn domain_packages(bless: bool) -> Outcome {
    // One fixed target, so that the list is the same on every machine.
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
        "the domain's dependencies differ from {DOMAIN_LIST}:\n{changes}To accept this, run `cargo xtask boundaries --bless`"
    ))
}

/// Returns the package name of a line of `cargo tree`: `name v1.2.3 (path) (*)`.
fn name(line: &str) -> Option<&str> {
    line.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_dependencies_pass() {
        let tree = "vestibule-api v0.1.0 (/x)\nactix-web v4.0.0\nvestibule-domain v0.1.0 (/y)\n\n\
                    vestibule-domain v0.1.0 (/y)\nuuid v1.0.0\n\n\
                    vestibule-testing v0.1.0 (/z)\nvestibule-api v0.1.0 (/x)\n";
        assert_eq!(violations(tree), Vec::<String>::new());
    }

    #[test]
    fn forbidden_dependencies_and_unknown_crates_are_reported() {
        let tree = "vestibule-domain v0.1.0 (/y)\nvestibule-testing v0.1.0 (/z)\n\n\
                    vestibule-testing v0.1.0 (/z)\n\nvestibule-new v0.1.0 (/n)\n";
        let violations = violations(tree);
        assert_eq!(violations.len(), 2, "{violations:?}");
        assert!(violations[0].contains("`vestibule-domain` may not depend on `vestibule-testing`"));
        assert!(violations[1].contains("`vestibule-new` is not in the table"));
    }
}
