//! Collisions of the names that a resource generates with those of the project.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::resource::names::pascal;
use crate::resource::reserved::IMPORTED_TYPES;
use crate::resource::spec::{Spec, Type};

/// Checks that the types and the methods of a new resource do not exist yet.
pub(crate) fn check(spec: &Spec) -> Outcome {
    let mut taken: BTreeSet<String> = IMPORTED_TYPES.iter().map(ToString::to_string).collect();
    for folder in ["crates/domain/src", "crates/schema/src"] {
        collect(
            Path::new(folder),
            &["pub struct ", "pub enum ", "pub trait ", "pub type "],
            &mut taken,
        );
    }
    let mut mistakes: Vec<String> = types(spec)
        .into_iter()
        .filter(|name| !taken.insert(name.clone()))
        .collect();
    let mut methods = BTreeSet::new();
    collect(
        Path::new("crates/domain/src/ports/repositories"),
        &["async fn "],
        &mut methods,
    );
    mistakes.extend(self::methods(spec).into_iter().filter(|name| methods.contains(name)));
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(format!(
        "choose another name for the resource or a field: the project has {} already",
        mistakes
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    ))
}

/// Returns the types that the resource declares in the domain and the schema.
fn types(spec: &Spec) -> Vec<String> {
    let (name, names) = (pascal(&spec.names.singular), pascal(&spec.names.plural));
    let mut types = vec![
        name.clone(),
        names.clone(),
        format!("List{names}"),
        format!("List{names}Query"),
        format!("New{name}"),
    ];
    types.extend(["Changes", "Filter", "Repo", "Response", "Sort", "SortSchema"].map(|end| format!("{name}{end}")));
    types.extend(["Create", "Update"].map(|verb| format!("{verb}{name}Request")));
    for field in &spec.fields {
        match field.ty {
            Type::String | Type::Text => types.push(field.domain(spec)),
            Type::Enum(_) => types.extend([field.domain(spec), format!("{}Schema", field.domain(spec))]),
            _ => {}
        }
    }
    types
}

/// Returns the methods of the repository.
fn methods(spec: &Spec) -> Vec<String> {
    let (name, names) = (&spec.names.singular, &spec.names.plural);
    let one = ["find", "lock", "retain", "insert", "update", "delete"].map(|verb| format!("{verb}_{name}"));
    let many = ["list", "count"].map(|verb| format!("{verb}_{names}"));
    one.into_iter().chain(many).collect()
}

/// Collects the names after these words in the Rust files of a folder.
fn collect(folder: &Path, words: &[&str], names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, words, names);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        let declared = text.lines().filter_map(|line| {
            let line = line.trim_start();
            let rest = words.iter().find_map(|word| line.strip_prefix(word))?;
            rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
        });
        names.extend(declared.map(ToOwned::to_owned));
    }
}
