//! The list of migrations in `lib.rs`.

use std::path::Path;

use crate::error::Error;

/// Adds a migration to the list, after the last.
pub(super) fn register(lib: &Path, module: &str) -> Result<(), Error> {
    let failed = |source| Error::File {
        path: lib.to_owned(),
        source,
    };
    let text = std::fs::read_to_string(lib).map_err(failed)?;
    let registered = with(&text, module).ok_or_else(|| {
        Error::Usage(format!(
            "no list of migrations in {}: neither `vestibule_migrate::migrator!` nor `Box::new(m….::Migration)`",
            lib.display()
        ))
    })?;
    std::fs::write(lib, registered).map_err(failed)
}

/// The text with the module and its place in the list.
fn with(text: &str, module: &str) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_module = |line: &str| line.trim_start().starts_with("mod m") && line.ends_with(';');
    let entry = |line: &str| {
        let line = line.trim();
        let name = line.strip_prefix("Box::new(").unwrap_or(line);
        name.starts_with('m') && name.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
    };
    let open = |line: &str| line.contains("pub struct Migrator;");
    let vector = |line: &str| line.contains("vec![") && !line.contains(']');
    let at = lines
        .iter()
        .rposition(|line| entry(line))
        .or_else(|| lines.iter().rposition(|line| vector(line)))
        .or_else(|| {
            text.contains("migrator!")
                .then(|| lines.iter().position(|line| open(line)))?
        })?;
    let new = if lines[at].contains("Box::new") || vector(&lines[at]) {
        format!("Box::new({module}::Migration),")
    } else {
        format!("{module},")
    };
    let indent: String = match lines[at].chars().take_while(|c| c.is_whitespace()).collect() {
        indent if vector(&lines[at]) => format!("{indent}    "),
        indent => indent,
    };
    lines.insert(at + 1, indent + &new);
    let named = format!("mod {module};");
    let before = lines.iter().rposition(|line| is_module(line) && *line < named);
    let place = before.map_or_else(
        || {
            lines
                .iter()
                .position(|line| !line.starts_with("//!") && !line.starts_with("#!"))
                .unwrap_or(0)
        },
        |before| before + 1,
    );
    // The first module stands apart from what is before and after it.
    let alone = before.is_none() && lines.get(place).is_some_and(String::is_empty);
    if alone {
        lines.insert(place + 1, named);
        lines.insert(place + 2, String::new());
    } else {
        lines.insert(place, named);
    }
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn a_migration_comes_after_the_last() {
        let lib = "//! Docs.\n\nmod columns;\nmod m1_a;\nmod run;\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n    m1_a,\n}\n";
        let expected = "//! Docs.\n\nmod columns;\nmod m1_a;\nmod m2_b;\nmod run;\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n    m1_a,\n    m2_b,\n}\n";
        assert_eq!(with(lib, "m2_b").as_deref(), Some(expected));
    }

    #[test]
    fn an_empty_list_takes_its_first() {
        let lib = "//! Docs.\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n}\n";
        let expected =
            "//! Docs.\n\nmod m2_b;\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n    m2_b,\n}\n";
        assert_eq!(with(lib, "m2_b").as_deref(), Some(expected));
    }

    #[test]
    fn a_stock_list_is_served_as_well() {
        let lib = "mod m1_a;\nfn migrations() -> X {\n    vec![\n        Box::new(m1_a::Migration),\n    ]\n}\n";
        let expected = "mod m1_a;\nmod m2_b;\nfn migrations() -> X {\n    vec![\n        Box::new(m1_a::Migration),\n        Box::new(m2_b::Migration),\n    ]\n}\n";
        assert_eq!(with(lib, "m2_b").as_deref(), Some(expected));
        assert_eq!(with("fn main() {}\n", "m2_b"), None);
    }
}
