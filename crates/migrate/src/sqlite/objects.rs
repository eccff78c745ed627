//! Indexes, triggers and views: what hangs on a table beside its rows.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::{quoted, rows, same};

/// An index or a trigger that was made by a statement of its own.
pub(super) struct Object {
    pub(super) name: String,
    pub(super) sql: String,
    is_index: bool,
}

/// The indexes and triggers of a table, in the order in which they were made.
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
    /// The column that is gone and that this index names, or this trigger waits for. SQLite itself would take
    /// an unknown name in an index for a text when it is in double quotes, and wait for ever.
    pub(super) fn lacks<'a>(&self, gone: &[&'a str]) -> Option<&'a str> {
        let words = words(&self.sql);
        let (is_begin, is_end) = if self.is_index {
            ("on", None)
        } else {
            ("of", Some("on"))
        };
        let mut named = words
            .skip_while(|word| !same(word, is_begin))
            .take_while(|word| is_end.is_none_or(|end| !same(word, end)));
        named.find_map(|word| gone.iter().copied().find(|gone| same(gone, word)))
    }
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The views, and the tables whose triggers do not fit the schema as it is, each with what SQLite says.
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

/// Statements that SQLite compiles only when everything that the view or the triggers name is there.
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
        let (name, all): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let table = quoted(&name);
        let statements = vec![
            format!("INSERT INTO {table} DEFAULT VALUES"),
            format!("UPDATE {table} SET {all}"),
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
    fn an_index_that_names_a_column_that_is_gone_is_seen() {
        let lacks = |sql: &str| object(sql).lacks(&["email"]);
        assert_eq!(
            lacks("CREATE INDEX ix ON users (\"id\", lower(\"Email\") DESC)"),
            Some("email")
        );
        assert_eq!(lacks("CREATE INDEX email ON users (email_key)"), None);
        assert_eq!(
            lacks("CREATE INDEX ix ON users (id) WHERE email IS NULL"),
            Some("email")
        );
    }

    #[test]
    fn a_trigger_that_waits_for_a_column_that_is_gone_is_seen() {
        let lacks = |sql: &str| object(sql).lacks(&["email"]);
        assert_eq!(
            lacks("CREATE TRIGGER t AFTER UPDATE OF id, \"email\" ON users BEGIN SELECT 1; END"),
            Some("email")
        );
        assert_eq!(
            lacks("CREATE TRIGGER email AFTER UPDATE ON users BEGIN SELECT email FROM other; END"),
            None
        );
    }
}
