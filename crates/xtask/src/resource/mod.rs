//! `cargo xtask new resource` and `cargo xtask destroy resource`.
//!
//! [`spec`] parses the command line, [`context`], [`fields`] and [`pages`] compute the values of the templates, [`files`]
//! lists the files, and [`registry`] the lists in which a resource is registered, each with an [`edit`].

mod collisions;
mod context;
mod edit;
mod example;
mod fields;
mod files;
mod names;
mod pages;
mod registry;
mod reserved;
mod spec;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

pub(crate) use example::{EXAMPLE, RULE, check as check_example, write as write_example};

use crate::process::Line;
use crate::resource::edit::Edit;
use crate::resource::files::Output;
use crate::resource::names::Names;
use crate::resource::spec::Spec;
use crate::{Outcome, openapi, web};

/// The folder with the model of each resource, which begins with the command that generated it.
const MODELS: &str = "crates/domain/src/model";

/// The text before the words of the command, in the first line of the model.
const HEADER: &str = "generated with `cargo xtask new resource ";

const USAGE: &str = "\
Usage: cargo xtask new resource NAME FIELD:TYPE[?][:unique|:index] … [--plural=NAME] [--no-web] [--dry-run]
       cargo xtask destroy resource NAME
The guide is docs/adding-a-resource.md.";

/// Writes a resource. With `--dry-run`, only shows which files it would write and change.
pub(crate) fn new(words: &[&str]) -> Outcome {
    let is_dry_run = words.contains(&"--dry-run");
    let words: Vec<&str> = words.iter().copied().filter(|word| *word != "--dry-run").collect();
    if words.is_empty() || words.contains(&"--help") {
        println!("{USAGE}");
        return Ok(());
    }
    let spec = Spec::parse(&words, existing).map_err(|why| format!("{why}\n\n{USAGE}"))?;
    collisions::check(&spec)?;
    check_pages(&spec)?;
    let Output { files, edits } = files::render(&spec, &files::migration(&spec))?;
    let changed = change(edits.iter(), Edit::apply)?;
    if let Some(path) = files.keys().find(|path| Path::new(path).exists()) {
        return Err(format!("{path} exists already"));
    }
    if is_dry_run {
        let created = files.keys().map(|path| ("create", path.as_str()));
        let changed = changed.keys().map(|path| ("change", path.as_str()));
        let updated = generated_documents(&spec).into_iter().map(|path| ("update", path));
        for (verb, path) in created.chain(changed).chain(updated) {
            println!("{verb}  {path}");
        }
        return Ok(());
    }
    // Whatever may fail later without the tools of the web app fails before anything is written.
    web::install()?;
    write_all(files.iter().chain(&changed))?;
    finish(&spec, files.keys().chain(changed.keys())).map_err(|why| {
        let name = &spec.names.singular;
        format!("{why}\n\nThe files are written, but not all documents. Mend this and run `cargo xtask openapi`, or undo it:\n\n    cargo xtask destroy resource {name}")
    })?;
    println!(
        "\nCreated {} {}. Next:\n",
        names::article(&spec.names.label),
        spec.names.label
    );
    println!("    cargo xtask serve     # applies the migration; sign in as an administrator");
    println!("    cargo test -p vestibule-api --test it -- {}", spec.names.plural);
    println!("    cargo xtask test      # everything, for about 20 minutes\n");
    println!("To undo: cargo xtask destroy resource {}", spec.names.singular);
    Ok(())
}

/// Checks that the pages can select the resources that this one refers to.
fn check_pages(spec: &Spec) -> Outcome {
    let has_pages = |names: &Names| read(&names.singular).is_none_or(|target| target.web);
    match spec.referenced().find(|names| spec.web && !has_pages(names)) {
        Some(Names { singular, .. }) => Err(format!(
            "`{singular}` has no pages in the web app, which those of `{}` would link to; add --no-web",
            spec.names.singular
        )),
        None => Ok(()),
    }
}

/// Removes a resource that was generated and not edited since.
pub(crate) fn destroy(words: &[&str]) -> Outcome {
    let [name] = words else {
        return Err(USAGE.to_owned());
    };
    let spec =
        read(name).ok_or_else(|| format!("`{name}` is not a resource that `cargo xtask new resource` generated"))?;
    if let Some(other) = generated()
        .iter()
        .find(|other| other.referenced().any(|names| names == &spec.names))
    {
        return Err(format!(
            "`{}` refers to `{name}`; destroy it first",
            other.names.singular
        ));
    }
    web::install()?;
    let Output { files, edits } = files::render(&spec, &files::migration(&spec))?;
    let edited: Vec<String> = files
        .iter()
        .filter(|(path, text)| {
            let is_generated = |current| files::formatted(path, text).is_ok_and(|text| text == current);
            fs::read_to_string(path).is_ok_and(|current| !is_generated(current))
        })
        .map(|(path, _)| format!("  {path}"))
        .collect();
    if !edited.is_empty() {
        return Err(format!(
            "nothing was removed, because these files were edited since they were generated:\n{}\nUndo the edits, or remove \
             the resource by hand: these files, and every line that mentions `{}` (git grep -i {name}).",
            edited.join("\n"),
            spec.names.plural
        ));
    }
    let changed = change(edits.iter().rev(), Edit::revert)?;
    for path in files.keys().filter(|path| Path::new(path).exists()) {
        fs::remove_file(path).map_err(|e| format!("cannot delete {path}: {e}"))?;
        // Fails for a folder that still has files.
        let _ = Path::new(path).parent().map(fs::remove_dir);
    }
    write_all(changed.iter())?;
    finish(&spec, changed.keys())?;
    println!(
        "\nRemoved {} {}. Databases in which its migration ran keep the table.",
        names::article(&spec.names.label),
        spec.names.label
    );
    Ok(())
}

/// Returns the changed files with their new text.
fn change<'a>(
    edits: impl Iterator<Item = &'a Edit>,
    change: impl Fn(&Edit, &str) -> Outcome<String>,
) -> Outcome<BTreeMap<String, String>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for edit in edits {
        let text = match texts.remove(edit.path) {
            Some(text) => text,
            None => fs::read_to_string(edit.path).map_err(|e| format!("cannot read {}: {e}", edit.path))?,
        };
        texts.insert(edit.path.to_owned(), change(edit, &text)?);
    }
    Ok(texts)
}

/// Writes all files, or none if one cannot be written.
fn write_all<'a>(files: impl Iterator<Item = (&'a String, &'a String)>) -> Outcome {
    let mut written: Vec<(&String, Option<String>)> = Vec::new();
    for (path, text) in files {
        let before = fs::read_to_string(path).ok();
        let folder = Path::new(path).parent().unwrap_or(Path::new("."));
        if let Err(error) = fs::create_dir_all(folder).and_then(|()| fs::write(path, text)) {
            for (path, before) in written {
                let _ = match before {
                    Some(text) => fs::write(path, text),
                    None => fs::remove_file(path),
                };
            }
            return Err(format!("cannot write {path}: {error}; nothing was changed"));
        }
        written.push((path, before));
    }
    Ok(())
}

/// Formats the files, and updates what is generated from the handlers: the OpenAPI document and the client.
fn finish<'a>(spec: &Spec, paths: impl Iterator<Item = &'a String>) -> Outcome {
    let paths: Vec<&str> = paths.map(String::as_str).collect();
    let rust: Vec<&str> = paths.iter().copied().filter(|path| files::is_rust(path)).collect();
    Line::new("rustfmt --edition 2024").and(&rust).output()?;
    web::install()?;
    for path in paths.into_iter().filter(|path| files::is_web(path)) {
        let text = fs::read_to_string(path).map_err(|e| format!("cannot read {path}: {e}"))?;
        fs::write(path, files::formatted(path, &text)?).map_err(|e| format!("cannot write {path}: {e}"))?;
    }
    openapi::run()?;
    web::update_client(spec.web)
}

/// Returns the documents that [`finish`] updates.
fn generated_documents(spec: &Spec) -> Vec<&'static str> {
    let mut documents = vec![
        "docs/openapi.json",
        "web/packages/client/src/routes.gen.ts",
        "web/packages/client/src/schema.gen.ts",
    ];
    if spec.web {
        documents.push("web/app/src/routeTree.gen.ts");
    }
    documents
}

/// Returns the names of a resource that other resources can refer to.
fn existing(name: &str) -> Option<Names> {
    match name {
        "user" | "role" => Some(Names::new(name, None)),
        _ => read(name).map(|spec| spec.names),
    }
}

/// Reads the description of a generated resource from the header of its model.
fn read(name: &str) -> Option<Spec> {
    let text = fs::read_to_string(format!("{MODELS}/{name}.rs")).ok()?;
    let (_, words) = text.lines().next()?.split_once(HEADER)?;
    let words: Vec<&str> = words.split('`').next()?.split(' ').collect();
    // Its own model exists, which is no mistake here.
    Spec::parse(&words, |other| if other == name { None } else { existing(other) }).ok()
}

/// Returns all generated resources.
fn generated() -> Vec<Spec> {
    let entries = fs::read_dir(MODELS).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| Some(entry.path().file_stem()?.to_string_lossy().into_owned()));
    names.filter_map(|name| read(&name)).collect()
}
