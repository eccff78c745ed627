//! The columns of a table, and the expressions that fill the columns of its new version.

use sea_orm::{ConnectionTrait, DbErr};

use super::{quoted, rows, same_name};

/// A stored column, as opposed to a generated one.
pub(super) struct Column {
    pub(super) name: String,
    /// `true` if SQLite supplies a value when an insert has none.
    is_optional: bool,
}

/// Returns the columns of a table, or none if the table does not exist.
pub(super) async fn columns<C: ConnectionTrait>(db: &C, table: &str) -> Result<Vec<Column>, DbErr> {
    const QUERY: &str = "SELECT name, \"notnull\" = 0 OR dflt_value IS NOT NULL, pk > 0 AND type = 'INTEGER' COLLATE NOCASE \
                         FROM pragma_table_xinfo(?) WHERE hidden = 0";
    let column = |row: sea_orm::QueryResult| {
        let (has_default, is_row_id): (bool, bool) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        Ok(Column {
            name: row.try_get_by_index(0)?,
            is_optional: has_default || is_row_id,
        })
    };
    rows(db, QUERY, &[table]).await?.into_iter().map(column).collect()
}

/// Returns pairs of a column of the new table and the SQL expression, over a row of the old table, that fills it.
///
/// A column without an entry in `values` keeps its value; a new one gets its default.
pub(super) fn expressions(
    old: &[Column],
    new: &[Column],
    values: &[(&str, &str)],
) -> Result<Vec<(String, String)>, String> {
    if let Some((name, _)) = values
        .iter()
        .find(|(name, _)| !new.iter().any(|column| same_name(&column.name, name)))
    {
        return Err(format!(
            "`values` has an expression for `{name}`, which is not a column of the new table"
        ));
    }
    let mut expressions = Vec::new();
    for Column { name, is_optional } in new {
        let value = values.iter().find(|(column, _)| same_name(column, name));
        if let Some((_, sql)) = value {
            expressions.push((quoted(name), format!("({sql})")));
        } else if old.iter().any(|column| same_name(&column.name, name)) {
            expressions.push((quoted(name), quoted(name)));
        } else if !is_optional {
            return Err(format!(
                "the new column `{name}` is NOT NULL without a default, and `values` has no expression for it"
            ));
        }
    }
    Ok(expressions)
}

/// Returns the names of the old columns that the new table does not have.
pub(super) fn dropped<'a>(old: &'a [Column], new: &[Column]) -> Vec<&'a str> {
    let is_dropped = |column: &&Column| !new.iter().any(|new| same_name(&new.name, &column.name));
    old.iter()
        .filter(is_dropped)
        .map(|column| column.name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, is_optional: bool) -> Column {
        Column {
            name: name.to_owned(),
            is_optional,
        }
    }

    #[test]
    fn columns_keep_values_and_new_ones_require_an_expression() {
        let old = [column("id", false), column("email", false)];
        let new = [column("id", false), column("mail", false), column("note", true)];
        let found = expressions(&old, &new, &[("mail", "lower(email)")]).expect("every column has a value");
        let expected = [("\"id\"", "\"id\""), ("\"mail\"", "(lower(email))")];
        assert_eq!(found, expected.map(|(column, sql)| (column.to_owned(), sql.to_owned())));
        assert_eq!(dropped(&old, &new), ["email"]);
        assert!(expressions(&old, &new, &[]).is_err_and(|why| why.contains("`mail`")));
        assert!(expressions(&old, &new, &[("male", "email")]).is_err_and(|why| why.contains("`male`")));
    }
}
