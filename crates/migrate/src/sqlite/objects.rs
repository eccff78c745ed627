//! Indexes, triggers and views that depend on a table.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::{quoted, rows, same_name};

/// An index or trigger that was created by its own statement.
pub(super) struct Object {
    pub(super) name: String,
    pub(super) sql: String,
    is_index: bool,
}

/// Returns the indexes and triggers of a table in order of creation.
pub(super) async fn of_table<C: ConnectionTrait>(db: &C, table: &str) -> Result<Vec<Object>, DbErr> {
    const QUERY: &str = "SELECT name, sql, type = 'index' FROM sqlite_master WHERE type IN ('index', 'trigger') \
                         AND tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL ORDER BY rowid";
    let object = |row: sea_orm::QueryResult| {
        Ok(Object {
            name: row.try_get_by_index(0)?,
            sql: row.try_get_by_index(1)?,
            is_index: row.try_get_by_index(2)?,
        })
    };
    rows(db, QUERY, &[table]).await?.into_iter().map(object).collect()
}

impl Object {
    /// Returns the dropped column that this index contains, or that this trigger fires on.
    ///
    /// SQLite does not detect either: it reads an unknown double-quoted name in an index as a string literal, and a
    /// trigger on an unknown column never fires.
    pub(super) fn dropped_column<'a>(&self, dropped: &[&'a str]) -> Option<&'a str> {
        let words = words(&self.sql);
        let (start, end) = if self.is_index {
            ("on", None)
        } else {
            ("of", Some("on"))
        };
        let mut named = words
            .skip_while(|word| !same_name(word, start))
            .take_while(|word| end.is_none_or(|end| !same_name(word, end)));
        named.find_map(|word| dropped.iter().copied().find(|dropped| same_name(dropped, word)))
    }
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// Returns the views and the tables with triggers that do not compile, each with the error from SQLite.
pub(super) async fn broken<C: ConnectionTrait>(db: &C) -> Result<BTreeMap<String, String>, DbErr> {
    let mut broken = BTreeMap::new();
    for (name, statements) in probes(db).await? {
        for statement in statements {
            if let Err(error) = db.execute_unprepared(&format!("EXPLAIN {statement}")).await {
                broken.entry(name.clone()).or_insert_with(|| error.to_string());
            }
        }
    }
    Ok(broken)
}

/// Returns statements that compile only if everything that a view or the triggers of a table refer to exists.
async fn probes<C: ConnectionTrait>(db: &C) -> Result<Vec<(String, Vec<String>)>, DbErr> {
    const VIEWS: &str = "SELECT name FROM sqlite_master WHERE type = 'view'";
    const TABLES: &str = "SELECT t.name, (SELECT group_concat('\"' || replace(c.name, '\"', '\"\"') || '\" = NULL', ', ') \
                          FROM pragma_table_xinfo(t.name) c WHERE c.hidden = 0) \
                          FROM sqlite_master t WHERE t.type = 'table' AND EXISTS \
                          (SELECT 1 FROM sqlite_master r WHERE r.type = 'trigger' AND r.tbl_name = t.name COLLATE NOCASE)";
    let mut probes = Vec::new();
    for row in rows(db, VIEWS, &[]).await? {
        let name: String = row.try_get_by_index(0)?;
        let select = format!("SELECT * FROM {}", quoted(&name));
        probes.push((name, vec![select]));
    }
    for row in rows(db, TABLES, &[]).await? {
        let (name, assignments): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let table = quoted(&name);
        let statements = vec![
            format!("INSERT INTO {table} DEFAULT VALUES"),
            format!("UPDATE {table} SET {assignments}"),
            format!("DELETE FROM {table}"),
        ];
        probes.push((name, statements));
    }
    Ok(probes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(sql: &str) -> Object {
        Object {
            name: "one".to_owned(),
            sql: sql.to_owned(),
            is_index: sql.starts_with("CREATE INDEX"),
        }
    }

    #[test]
    fn index_on_dropped_column_is_detected() {
        let dropped = |sql: &str| object(sql).dropped_column(&["email"]);
        assert_eq!(
            dropped("CREATE INDEX ix ON users (\"id\", lower(\"Email\") DESC)"),
            Some("email")
        );
        assert_eq!(dropped("CREATE INDEX email ON users (email_key)"), None);
        assert_eq!(
            dropped("CREATE INDEX ix ON users (id) WHERE email IS NULL"),
            Some("email")
        );
    }

    #[test]
    fn trigger_on_dropped_column_is_detected() {
        let dropped = |sql: &str| object(sql).dropped_column(&["email"]);
        assert_eq!(
            dropped("CREATE TRIGGER t AFTER UPDATE OF id, \"email\" ON users BEGIN SELECT 1; END"),
            Some("email")
        );
        assert_eq!(
            dropped("CREATE TRIGGER email AFTER UPDATE ON users BEGIN SELECT email FROM other; END"),
            None
        );
    }
}
