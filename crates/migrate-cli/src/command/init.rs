//! Creation of the migration crate of a project.

use std::path::{Path, PathBuf};

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::engine::Engine;
use crate::error::Error;

const LIB: &str = include_str!("init/lib.rs.txt");
const MAIN: &str = include_str!("init/main.rs.txt");
const MANIFEST: &str = include_str!("init/Cargo.toml.txt");
const ALIAS: &str = "[alias]\nmigrate = \"run --quiet --package migration --\"\n";
const WORKSPACE: &str = "\n[workspace]\nmembers = [\"migration\"]\n";

/// Writes the crate `migration` into the package in this folder, and the alias `cargo migrate`.
///
/// The engines come from the command line, otherwise from the database URL, otherwise from the `sqlx` features in the
/// manifest. If none of them determines the engines, a terminal prompts for them.
pub(crate) fn init(folder: &Path, engines: &[Engine], database: Option<&str>) -> Result<(), Error> {
    if folder.join("migration/Cargo.toml").exists() {
        println!("nothing to do: this project already has a `migration` crate");
        return Ok(());
    }
    let manifest = read(folder.join("Cargo.toml"))?;
    let engines = match detect(engines, database, &manifest) {
        detected if detected.is_empty() => prompt()?,
        detected => detected,
    };
    let library = library(folder, &manifest);
    let dependency = library.as_ref().map(|name| format!("{name} = {{ path = \"..\" }}\n"));
    let text = MANIFEST
        .replace("APP", &dependency.unwrap_or_default())
        .replace("CRATES", &crates());
    write(folder.join("migration/Cargo.toml"), &text)?;
    write(folder.join("migration/src/lib.rs"), LIB)?;
    let module = library.map_or_else(|| "entities".to_owned(), |name| name.replace('-', "_"));
    let main = MAIN.replace("APP", &module).replace("ENGINES", &listed(&engines));
    write(folder.join("migration/src/main.rs"), &main)?;
    write_alias(folder.join(".cargo/config.toml"))?;
    if manifest.lines().any(|line| line.trim() == "[workspace]") {
        println!("next: add \"migration\" to the workspace members in Cargo.toml");
    } else {
        write(folder.join("Cargo.toml"), &(manifest + WORKSPACE))?;
    }
    println!("next: list your entities in migration/src/main.rs");
    let names: Vec<String> = engines.iter().map(Engine::to_string).collect();
    println!("engines: {} (in migration/src/main.rs)", names.join(", "));
    Ok(())
}

/// Returns the engines from the command line, the database URL or the features of the project, or none.
fn detect(engines: &[Engine], database: Option<&str>, manifest: &str) -> Vec<Engine> {
    let mut detected = engines.to_vec();
    if detected.is_empty() {
        let url = database.unwrap_or_default();
        detected = match url.split(':').next() {
            Some("sqlite") => vec![Engine::Sqlite],
            Some("postgres" | "postgresql") => vec![Engine::Postgres],
            _ => {
                let has_feature = |engine: &Engine| manifest.contains(&format!("\"sqlx-{engine}\""));
                Engine::ALL.into_iter().filter(has_feature).collect()
            }
        };
    }
    detected.sort_unstable();
    detected.dedup();
    detected
}

/// Prompts for the engines at a terminal.
///
/// # Errors
/// There is no terminal, or the input is invalid.
fn prompt() -> Result<Vec<Engine>, Error> {
    let unknown = || {
        Error::Usage(
            "cannot tell which databases the project uses; pass --engines sqlite, --engines postgres or \
             --engines sqlite,postgres, or set DATABASE_URL"
                .to_owned(),
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(unknown());
    }
    print!("Databases that the project uses (sqlite, postgres, or sqlite,postgres): ");
    let mut line = String::new();
    let read = std::io::stdout()
        .flush()
        .and_then(|()| std::io::stdin().lock().read_line(&mut line));
    read.map_err(|error| Error::Usage(error.to_string()))?;
    let named: Result<Vec<Engine>, String> = line.split(',').map(|name| name.trim().parse()).collect();
    match detect(&named.map_err(Error::Usage)?, None, "") {
        engines if engines.is_empty() => Err(unknown()),
        engines => Ok(engines),
    }
}

fn listed(engines: &[Engine]) -> String {
    let names: Vec<_> = engines.iter().map(|engine| format!("Engine::{engine:?}")).collect();
    names.join(", ")
}

/// Returns the name of the package in this folder if it has a library.
fn library(folder: &Path, manifest: &str) -> Option<String> {
    let name = manifest
        .lines()
        .find_map(|line| line.trim().strip_prefix("name = \"")?.strip_suffix('"'));
    name.filter(|_| folder.join("src/lib.rs").exists()).map(str::to_owned)
}

/// Returns the directory of the crates that this program was built from.
fn crates() -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).display().to_string()
}

fn write_alias(path: PathBuf) -> Result<(), Error> {
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
    let created = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    match created.and_then(|()| std::fs::write(&path, text)) {
        Ok(()) => {
            println!("wrote {}", path.strip_prefix("./").unwrap_or(&path).display());
            Ok(())
        }
        Err(source) => Err(Error::File { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_detected_from_arguments_then_url_then_features() {
        let (sqlite, postgres) = (Engine::Sqlite, Engine::Postgres);
        let features = "sea-orm = { features = [\"sqlx-sqlite\"] }";
        for (engines, url, manifest, expected) in [
            (
                &[postgres, sqlite, postgres][..],
                None,
                features,
                vec![sqlite, postgres],
            ),
            (&[postgres], Some("sqlite://app.db"), "", vec![postgres]),
            (&[], Some("postgres://localhost/app"), "", vec![postgres]),
            (&[], Some("postgresql://localhost/app"), features, vec![postgres]),
            (&[], None, features, vec![sqlite]),
            (&[], None, "", vec![]),
        ] {
            assert_eq!(detect(engines, url, manifest), expected, "{url:?} {manifest}");
        }
        assert_eq!(listed(&[sqlite, postgres]), "Engine::Sqlite, Engine::Postgres");
    }
}
