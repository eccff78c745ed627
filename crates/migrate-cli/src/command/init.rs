//! A crate for migrations in a project that has none.

use std::path::{Path, PathBuf};

use crate::error::Error;

const LIB: &str = include_str!("init/lib.rs.txt");
const MAIN: &str = include_str!("init/main.rs.txt");
const MANIFEST: &str = include_str!("init/Cargo.toml.txt");
const ALIAS: &str = "[alias]\nmigrate = \"run --quiet --package migration --\"\n";
const WORKSPACE: &str = "\n[workspace]\nmembers = [\"migration\"]\n";

/// Writes the crate `migration` beside the package in this folder, and the alias `cargo migrate`.
pub(crate) fn init(folder: &Path) -> Result<(), Error> {
    if folder.join("migration/Cargo.toml").exists() {
        println!("nothing is needed: this project has the crate `migration`");
        return Ok(());
    }
    let manifest = read(folder.join("Cargo.toml"))?;
    let library = library(folder, &manifest);
    let dependency = library.as_ref().map(|name| format!("{name} = {{ path = \"..\" }}\n"));
    let text = MANIFEST
        .replace("APP", &dependency.unwrap_or_default())
        .replace("CRATES", &crates());
    write(folder.join("migration/Cargo.toml"), &text)?;
    write(folder.join("migration/src/lib.rs"), LIB)?;
    let module = library.map_or_else(|| "entities".to_owned(), |name| name.replace('-', "_"));
    write(folder.join("migration/src/main.rs"), &MAIN.replace("APP", &module))?;
    alias(folder.join(".cargo/config.toml"))?;
    if manifest.lines().any(|line| line.trim() == "[workspace]") {
        println!("to do: add \"migration\" to the members of the workspace in Cargo.toml");
    } else {
        write(folder.join("Cargo.toml"), &(manifest + WORKSPACE))?;
    }
    println!("to do: name your entities in migration/src/main.rs");
    Ok(())
}

/// The name of the package in this folder, if others can depend on it.
fn library(folder: &Path, manifest: &str) -> Option<String> {
    let name = manifest
        .lines()
        .find_map(|line| line.trim().strip_prefix("name = \"")?.strip_suffix('"'));
    name.filter(|_| folder.join("src/lib.rs").exists()).map(str::to_owned)
}

/// Where the crates are that this program was built from.
fn crates() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).display().to_string()
}

fn alias(path: PathBuf) -> Result<(), Error> {
    if !path.exists() {
        return write(path, ALIAS);
    }
    let text = read(path.clone())?;
    if text.contains("migrate =") {
        return Ok(());
    }
    if text.contains("[alias]") {
        return write(path, &text.replacen("[alias]\n", ALIAS, 1));
    }
    write(path, &format!("{text}\n{ALIAS}"))
}

fn read(path: PathBuf) -> Result<String, Error> {
    std::fs::read_to_string(&path).map_err(|source| Error::File { path, source })
}

fn write(path: PathBuf, text: &str) -> Result<(), Error> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    match made.and_then(|()| std::fs::write(&path, text)) {
        Ok(()) => {
            println!("wrote {}", path.strip_prefix("./").unwrap_or(&path).display());
            Ok(())
        }
        Err(source) => Err(Error::File { path, source }),
    }
}
