//! Registration of a migration in `lib.rs`.

use std::path::Path;

use crate::error::Error;

/// Adds a migration to the end of the list and declares its module.
pub(super) fn register(lib: &Path, module: &str) -> Result<(), Error> {
    let failed = |source| Error::File {
        path: lib.to_owned(),
        source,
    };
    let text = std::fs::read_to_string(lib).map_err(failed)?;
    let registered = add(&text, module).ok_or_else(|| {
        Error::Usage(format!(
            "{} has no list of migrations; expected `vestibule_migrate::migrator!` or `Box::new(m…::Migration)`",
            lib.display()
        ))
    })?;
    std::fs::write(lib, registered).map_err(failed)
}

/// Returns the text of `lib.rs` with the migration added, or `None` if there is no list.
fn add(text: &str, module: &str) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_module = |line: &str| line.trim_start().starts_with("mod m") && line.ends_with(';');
    let is_entry = |line: &str| {
        let line = line.trim();
        let name = line.strip_prefix("Box::new(").unwrap_or(line);
        name.starts_with('m') && name.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
    };
    let is_declaration = |line: &str| line.contains("pub struct Migrator;");
    let is_vec = |line: &str| line.contains("vec![") && !line.contains(']');
    let at = lines
        .iter()
        .rposition(|line| is_entry(line))
        .or_else(|| lines.iter().rposition(|line| is_vec(line)))
        .or_else(|| {
            text.contains("migrator!")
                .then(|| lines.iter().position(|line| is_declaration(line)))?
        })?;
    let entry = if lines[at].contains("Box::new") || is_vec(&lines[at]) {
        format!("Box::new({module}::Migration),")
    } else {
        format!("{module},")
    };
    let indent: String = match lines[at].chars().take_while(|c| c.is_whitespace()).collect() {
        indent if is_vec(&lines[at]) => format!("{indent}    "),
        indent => indent,
    };
    lines.insert(at + 1, indent + &entry);
    let declaration = format!("mod {module};");
    let before = lines.iter().rposition(|line| is_module(line) && *line < declaration);
    let module_line = before.map_or_else(
        || {
            lines
                .iter()
                .position(|line| !line.starts_with("//!") && !line.starts_with("#!"))
                .unwrap_or(0)
        },
        |before| before + 1,
    );
    // Blank lines surround the first module.
    let is_first = before.is_none() && lines.get(module_line).is_some_and(String::is_empty);
    if is_first {
        lines.insert(module_line + 1, declaration);
        lines.insert(module_line + 2, String::new());
    } else {
        lines.insert(module_line, declaration);
    }
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::add;

    #[test]
    fn migration_is_added_after_the_last_one() {
        let lib = "//! Docs.\n\nmod columns;\nmod m1_a;\nmod run;\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n    m1_a,\n}\n";
        let expected = "//! Docs.\n\nmod columns;\nmod m1_a;\nmod m2_b;\nmod run;\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n    m1_a,\n    m2_b,\n}\n";
        assert_eq!(add(lib, "m2_b").as_deref(), Some(expected));
    }

    #[test]
    fn migration_is_added_to_empty_list() {
        let lib = "//! Docs.\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n}\n";
        let expected =
            "//! Docs.\n\nmod m2_b;\n\nvestibule_migrate::migrator! {\n    pub struct Migrator;\n    m2_b,\n}\n";
        assert_eq!(add(lib, "m2_b").as_deref(), Some(expected));
    }

    #[test]
    fn migration_is_added_to_seaorm_list() {
        let lib = "mod m1_a;\nfn migrations() -> X {\n    vec![\n        Box::new(m1_a::Migration),\n    ]\n}\n";
        let expected = "mod m1_a;\nmod m2_b;\nfn migrations() -> X {\n    vec![\n        Box::new(m1_a::Migration),\n        Box::new(m2_b::Migration),\n    ]\n}\n";
        assert_eq!(add(lib, "m2_b").as_deref(), Some(expected));
        assert_eq!(add("fn main() {}\n", "m2_b"), None);
    }
}
