//! The source file of a migration.

use super::ident::Idents;
use super::steps::Step;

/// The names of a migration.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// The developer's summary of the change.
    pub(crate) message: String,
    /// The name of the module, which is the file name without the extension.
    pub(crate) module: String,
}

impl Names {
    /// Derives the names from a message and a time in seconds since 1970.
    pub(crate) fn new(message: &str, seconds: u64) -> Self {
        let words = message
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
        Self {
            message: message.trim().to_owned(),
            module: format!("m{}_{}", timestamp(seconds), words.join("_")),
        }
    }
}

/// Formats a time in UTC, such as `20261125_184500`.
fn timestamp(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (hours, minutes, seconds) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let (mut year, mut day) = (1970, days);
    let length =
        |year: u64| 365 + u64::from(year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)));
    while day >= length(year) {
        day -= length(year);
        year += 1;
    }
    let february = 28 + (length(year) - 365);
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    format!("{year}{month:02}{:02}_{hours:02}{minutes:02}{seconds:02}", day + 1)
}

/// Returns the source of a migration that consists of these steps.
pub(crate) fn migration(names: &Names, up: &[Step], down: &[Step]) -> String {
    let mut idents = Idents::default();
    let up: String = up.iter().map(|step| step.source(&mut idents)).collect();
    let down: String = down.iter().map(|step| step.source(&mut idents)).collect();
    let body = format!(
        "#[async_trait]\nimpl MigrationTrait for Migration {{\n{}\n{}\n}}\n",
        method("up", &up),
        method("down", &down)
    );
    let enums = idents.source();
    let title = names.message.trim_end_matches('.');
    format!(
        "//! {title}.\n\n{}\n#[derive(DeriveMigrationName)]\npub(crate) struct Migration;\n{enums}\n{body}",
        imports(&body, !enums.is_empty())
    )
}

fn method(name: &str, body: &str) -> String {
    let db = if body.contains("db.execute_unprepared") {
        "let db = manager.get_connection();\n"
    } else {
        ""
    };
    let manager = if body.is_empty() { "_" } else { "manager" };
    format!("async fn {name}(&self, {manager}: &SchemaManager) -> Result<(), DbErr> {{\n{db}{body}Ok(())\n}}\n")
}

/// Returns the imports that a body needs, in the order of this project's style.
fn imports(body: &str, has_enums: bool) -> String {
    let used = |names: &[&str]| {
        let is_used = |name: &&&str| {
            let call = format!("{name}::");
            body.match_indices(&call)
                .any(|(at, _)| !body[..at].ends_with(|c: char| c.is_alphanumeric() || c == ':'))
        };
        names
            .iter()
            .filter(is_used)
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let mut orm = used(&["DbBackend"]);
    orm.push("DbErr".to_owned());
    if body.contains("db.execute_unprepared") {
        orm.insert(0, "ConnectionTrait".to_owned());
    }
    let query = used(&[
        "Check",
        "ColumnDef",
        "Expr",
        "ForeignKey",
        "ForeignKeyAction",
        "Index",
        "IndexOrder",
        "Table",
    ]);
    let derives = if has_enums {
        "{DeriveIden, DeriveMigrationName}"
    } else {
        "DeriveMigrationName"
    };
    let query = match query.as_slice() {
        [] => String::new(),
        [one] => format!("sea_query::{one},"),
        many => format!("sea_query::{{{}}},", many.join(", ")),
    };
    let orm = match orm.as_slice() {
        [one] => format!("sea_orm::{one},"),
        many => format!("sea_orm::{{{}}},", many.join(", ")),
    };
    let rebuild = if body.contains("rebuild(manager") {
        "use vestibule_migrate::sqlite::rebuild;\n"
    } else {
        ""
    };
    format!(
        "use sea_orm_migration::{{\nMigrationTrait, SchemaManager,\nasync_trait::async_trait,\nprelude::{derives},\n{orm}\n{query}\n}};\n{rebuild}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_name_has_time_and_message() {
        let names = Names::new("Add display name to users!", 1_795_632_300);
        assert_eq!(names.module, "m20261125_184500_add_display_name_to_users");
        assert_eq!(Names::new("x", 951_782_399).module, "m20000228_235959_x");
        assert_eq!(Names::new("x", 951_868_799).module, "m20000229_235959_x");
    }
}
