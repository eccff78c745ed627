//! The columns of a table, and where the values of a new shape come from.

use sea_orm::{ConnectionTrait, DbErr};

use super::{quoted, rows, same};

/// A column that is stored, which generated ones are not.
pub(super) struct Column {
    pub(super) name: String,
    /// Whether SQLite itself finds a value when none is given.
    may_be_left_out: bool,
}

/// The columns of a table; none where there is no such table.
pub(super) async fn columns<C: ConnectionTrait>(db: &C, table: &str) -> Result<Vec<Column>, DbErr> {
    const QUERY: &str = "SELECT name, \"notnull\" = 0 OR dflt_value IS NOT NULL, pk > 0 AND type = 'INTEGER' COLLATE NOCASE \
                         FROM pragma_table_xinfo(?) WHERE hidden = 0";
    let column = |row: sea_orm::QueryResult| {
        let (is_optional, is_row_id): (bool, bool) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok(Column {
            name: row.try_get_by_index(0)?,
            may_be_left_out: is_optional || is_row_id,
        })
    };
    rows(db, QUERY, &[table]).await?.into_iter().map(column).collect()
}

/// What fills the columns of the new shape: pairs of a column and the SQL of its value, over a row of the
/// old table. A column that is not in `values` keeps its value; a new one gets its default.
pub(super) fn sources(
    old: &[Column],
    new: &[Column],
    values: &[(&str, &str)],
) -> Result<Vec<(String, String)>, String> {
    if let Some((name, _)) = values
        .iter()
        .find(|(name, _)| !new.iter().any(|column| same(&column.name, name)))
    {
        return Err(format!(
            "there is a value for `{name}`, and the new shape has no such column"
        ));
    }
    let mut sources = Vec::new();
    for Column { name, may_be_left_out } in new {
        let value = values.iter().find(|(column, _)| same(column, name));
        if let Some((_, sql)) = value {
            sources.push((quoted(name), format!("({sql})")));
        } else if old.iter().any(|column| same(&column.name, name)) {
            sources.push((quoted(name), quoted(name)));
        } else if !may_be_left_out {
            return Err(format!(
                "the new column `{name}` must have a value, and nothing says which the rows get that are there"
            ));
        }
    }
    Ok(sources)
}

/// Those of the old columns that the new shape lacks.
pub(super) fn gone<'a>(old: &'a [Column], new: &[Column]) -> Vec<&'a str> {
    let is_gone = |column: &&Column| !new.iter().any(|new| same(&new.name, &column.name));
    old.iter().filter(is_gone).map(|column| column.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, may_be_left_out: bool) -> Column {
        Column {
            name: name.to_owned(),
            may_be_left_out,
        }
    }

    #[test]
    fn columns_keep_their_values_and_new_ones_need_one() {
        let old = [column("id", false), column("email", false)];
        let new = [column("id", false), column("mail", false), column("note", true)];
        let found = sources(&old, &new, &[("mail", "lower(email)")]).expect("enough is said");
        let expected = [("\"id\"", "\"id\""), ("\"mail\"", "(lower(email))")];
        assert_eq!(found, expected.map(|(column, sql)| (column.to_owned(), sql.to_owned())));
        assert_eq!(gone(&old, &new), ["email"]);
        assert!(sources(&old, &new, &[]).is_err_and(|why| why.contains("`mail`")));
        assert!(sources(&old, &new, &[("male", "email")]).is_err_and(|why| why.contains("`male`")));
    }
}
