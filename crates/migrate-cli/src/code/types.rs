//! The types of columns that sea-query has a word for.

use sea_orm_migration::sea_query::{ColumnType, StringLen};

use super::words::Both;

/// A type as source and as value.
pub(super) struct TypeCode {
    /// What to call on a `ColumnDef`.
    pub(super) method: String,
    pub(super) value: ColumnType,
}

/// What sea-query calls a type, what SQLite and what PostgreSQL call it. The first that fits is taken.
const PLAIN: &[(&str, ColumnType, &str, &str)] = &[
    ("text()", ColumnType::Text, "text", "text"),
    (
        "string()",
        ColumnType::String(StringLen::None),
        "varchar",
        "character varying",
    ),
    ("boolean()", ColumnType::Boolean, "boolean", "boolean"),
    ("integer()", ColumnType::Integer, "integer", "integer"),
    ("big_integer()", ColumnType::BigInteger, "integer", "bigint"),
    ("small_integer()", ColumnType::SmallInteger, "smallint", "smallint"),
    ("small_unsigned()", ColumnType::SmallUnsigned, "smallint", "integer"),
    ("tiny_integer()", ColumnType::TinyInteger, "tinyint", "smallint"),
    ("double()", ColumnType::Double, "double", "double precision"),
    ("float()", ColumnType::Float, "float", "real"),
    ("decimal()", ColumnType::Decimal(None), "real_decimal", "numeric"),
    (
        "timestamp_with_time_zone()",
        ColumnType::TimestampWithTimeZone,
        "timestamp_with_timezone_text",
        "timestamp with time zone",
    ),
    (
        "timestamp()",
        ColumnType::Timestamp,
        "timestamp_text",
        "timestamp without time zone",
    ),
    (
        "date_time()",
        ColumnType::DateTime,
        "datetime_text",
        "timestamp without time zone",
    ),
    ("date()", ColumnType::Date, "date_text", "date"),
    ("time()", ColumnType::Time, "time_text", "time without time zone"),
    ("uuid()", ColumnType::Uuid, "uuid_text", "uuid"),
    ("binary()", ColumnType::Binary(1), "blob(1)", "bytea"),
    ("blob()", ColumnType::Blob, "blob", "bytea"),
    ("json()", ColumnType::Json, "json_text", "json"),
    ("json_binary()", ColumnType::JsonBinary, "jsonb_text", "jsonb"),
    ("char()", ColumnType::Char(None), "char", "character(1)"),
];

/// The type that both engines mean by their words; where sea-query has none, the words themselves.
pub(super) fn type_code(words: &Both<&str>) -> Result<TypeCode, Both<String>> {
    let fits = |sqlite: &str, postgres: &str| {
        words.sqlite.is_none_or(|word| word == sqlite) && words.postgres.is_none_or(|word| word == postgres)
    };
    let plain = PLAIN.iter().find(|(_, _, sqlite, postgres)| fits(sqlite, postgres));
    if let Some((method, value, ..)) = plain {
        return Ok(TypeCode {
            method: (*method).to_owned(),
            value: value.clone(),
        });
    }
    let sized = sized(words)
        .into_iter()
        .find(|(_, sqlite, postgres)| fits(sqlite, postgres));
    let custom = || words.map(|word| (*word).to_owned());
    sized.map(|(code, ..)| code).ok_or_else(custom)
}

/// The types that have the sizes which stand in the words.
fn sized(words: &Both<&str>) -> Vec<(TypeCode, String, String)> {
    let sizes = words.sqlite.map(numbers).filter(|sizes| !sizes.is_empty());
    let sizes = sizes.or_else(|| words.postgres.map(numbers)).unwrap_or_default();
    let code = |method: String, value: ColumnType| TypeCode { method, value };
    match sizes.as_slice() {
        [n] => vec![
            (
                code(format!("string_len({n})"), ColumnType::String(StringLen::N(*n))),
                format!("varchar({n})"),
                format!("character varying({n})"),
            ),
            (
                code(format!("char_len({n})"), ColumnType::Char(Some(*n))),
                format!("char({n})"),
                format!("character({n})"),
            ),
            (
                code(format!("binary_len({n})"), ColumnType::Binary(*n)),
                format!("blob({n})"),
                "bytea".to_owned(),
            ),
            (
                code(format!("var_binary({n})"), ColumnType::var_binary(*n)),
                format!("varbinary_blob({n})"),
                "bytea".to_owned(),
            ),
        ],
        [p, s] => vec![(
            code(format!("decimal_len({p}, {s})"), ColumnType::Decimal(Some((*p, *s)))),
            format!("real({p}, {s})"),
            format!("numeric({p},{s})"),
        )],
        _ => Vec::new(),
    }
}

fn numbers(word: &str) -> Vec<u32> {
    let inner = word.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let parts = inner.into_iter().flat_map(|inner| inner.split(','));
    parts.filter_map(|part| part.trim().parse().ok()).collect()
}
