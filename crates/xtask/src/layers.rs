//! The layers of the domain: which of its modules may import which.

use std::{fs, path::Path};

use crate::Outcome;

const DOMAIN: &str = "crates/domain/src";

/// The layers, lowest first. A layer may import itself and lower ones.
const LAYERS: [&str; 4] = ["model", "ports", "services", "features"];

/// The top layer, whose modules may not import each other.
const FEATURES: &str = "features";

/// Checks the imports of every module of the domain. Imports must name the layer (`crate::model::User`), not the
/// re-export at the crate root.
pub(crate) fn check() -> Outcome {
    let mut violations = Vec::new();
    visit(Path::new(DOMAIN), &mut Vec::new(), &mut violations)?;
    if violations.is_empty() {
        Ok(())
    } else {
        Err(violations.join("\n"))
    }
}

fn visit(folder: &Path, module: &mut Vec<String>, violations: &mut Vec<String>) -> Outcome {
    let failed = |e| format!("cannot read {}: {e}", folder.display());
    let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(failed)?.collect();
    let mut paths: Vec<_> = entries.map_err(failed)?.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(name);
            visit(&path, module, violations)?;
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "lib" {
            let own = if name == "mod" { None } else { Some(name) };
            module.extend(own.clone());
            let text = fs::read_to_string(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
            let found = violations_of(module, &text).into_iter();
            violations.extend(found.map(|why| format!("{}: {why}", path.display())));
            module.truncate(module.len() - own.iter().len());
        }
    }
    Ok(())
}

/// Returns the forbidden imports of one module, such as `features`, `users`.
fn violations_of(module: &[String], text: &str) -> Vec<String> {
    let Some(layer) = module.first().and_then(|first| rank(first)) else {
        return vec![format!("`{}` is in no layer: {}", module.join("::"), LAYERS.join(", "))];
    };
    let mut violations = Vec::new();
    for path in paths(module, text) {
        let shown = format!("crate::{}", path.join("::"));
        match path.first().and_then(|first| rank(first)) {
            None => violations.push(format!("`{shown}` does not name its layer")),
            Some(imported) if imported > layer => {
                violations.push(format!("`{}` may not import `{shown}`", LAYERS[layer]));
            }
            Some(imported) if LAYERS[imported] == FEATURES && path.get(1) != module.get(1) => {
                violations.push(format!("a feature may not import another one: `{shown}`"));
            }
            Some(_) => {}
        }
    }
    violations
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

/// Returns the first two segments of every path that begins with `crate::`, or with `super::` at the top level of the
/// file. Comments do not count.
fn paths(module: &[String], text: &str) -> Vec<Vec<String>> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .fold(String::new(), |code, line| code + line + "\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            expand(&code[at + "crate::".len()..], &[], &mut found);
        }
    }
    for line in code
        .lines()
        .filter(|line| line.starts_with("use ") || line.starts_with("pub"))
    {
        let Some((_, mut rest)) = line.split_once("use ") else {
            continue;
        };
        let mut base = module;
        while let Some(next) = rest.strip_prefix("super::") {
            (rest, base) = (next, &base[..base.len().saturating_sub(1)]);
        }
        if base.len() < module.len() && base.len() < 2 {
            // A sibling: the rest of the statement may be on further lines, but its first segment is here.
            let mut path = base.to_vec();
            path.push(first_segment(rest).to_owned());
            found.push(path);
        }
    }
    found
}

/// Expands the beginning of a use tree, such as `{model::User, features::{roles, users}}`, into paths of at most two
/// segments.
fn expand(tree: &str, prefix: &[String], found: &mut Vec<Vec<String>>) {
    let tree = tree.trim_start();
    if let Some(list) = tree.strip_prefix('{') {
        for item in items(list) {
            expand(item, prefix, found);
        }
        return;
    }
    let segment = first_segment(tree);
    let mut path = prefix.to_vec();
    path.push(segment.to_owned());
    match tree[segment.len()..].strip_prefix("::") {
        Some(rest) if path.len() < 2 && !rest.starts_with('<') => expand(rest, &path, found),
        _ => found.push(path),
    }
}

fn first_segment(tree: &str) -> &str {
    let end = tree.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*');
    &tree[..end.unwrap_or(tree.len())]
}

/// Splits the text after an opening brace at its commas, up to the matching brace.
fn items(list: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(module: &str, text: &str) -> Vec<String> {
        let module: Vec<_> = module.split("::").map(ToOwned::to_owned).collect();
        violations_of(&module, text)
    }

    #[test]
    fn imports_from_lower_layers_pass() {
        let text = "use crate::{\n    model::{User, UserRow},\n    ports::{Commit, Store},\n    services::App,\n};\n\
                    use super::create;\nuse crate::features::users::NewUser;\n// crate::features::roles\n";
        assert_eq!(check("features::users::update", text), Vec::<String>::new());
        let text = "use crate::{model::User, services::{App, purge::in_batches}};\nmod tests {\n    use super::*;\n}\n";
        assert_eq!(check("services::audit", text), Vec::<String>::new());
    }

    #[test]
    fn import_from_higher_layer_is_reported() {
        let text = "use crate::{\n    model::Role,\n    features::{roles, users::create},\n};\n";
        assert_eq!(check("services::audit", text).len(), 2);
        assert_eq!(
            check("model::user", "fn f(store: &impl crate::ports::Store) {}\n").len(),
            1
        );
    }

    #[test]
    fn import_of_another_feature_is_reported() {
        let expected = ["a feature may not import another one: `crate::features::roles`"];
        assert_eq!(
            check("features::users", "use crate::features::{roles, users};\n"),
            expected
        );
        assert_eq!(check("features::users", "use super::roles::create;\n"), expected);
        assert_eq!(check("features::users::create", "use super::super::roles;\n"), expected);
    }

    #[test]
    fn import_without_layer_is_reported() {
        let expected = ["`crate::User` does not name its layer"];
        assert_eq!(check("features::users", "fn f(user: &crate::User) {}\n"), expected);
        assert_eq!(check("clock", "").len(), 1);
    }
}
