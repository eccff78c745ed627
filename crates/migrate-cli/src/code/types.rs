//! The column types that sea-query can express.

use sea_orm_migration::sea_query::{ColumnType, StringLen};

use super::per_engine::PerEngine;

/// A column type as Rust source and as a sea-query value.
pub(super) struct TypeCode {
    /// The method call on `ColumnDef`.
    pub(super) method: String,
    pub(super) value: ColumnType,
}

/// Method, value, SQLite type and PostgreSQL type, in order of preference.
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

/// Returns the sea-query type for the SQL types of both engines, or the SQL types if there is none.
pub(super) fn type_code(types: &PerEngine<&str>) -> Result<TypeCode, PerEngine<String>> {
    let matches = |sqlite: &str, postgres: &str| {
        types.sqlite.is_none_or(|ty| ty == sqlite) && types.postgres.is_none_or(|ty| ty == postgres)
    };
    let plain = PLAIN.iter().find(|(_, _, sqlite, postgres)| matches(sqlite, postgres));
    if let Some((method, value, ..)) = plain {
        return Ok(TypeCode {
            method: (*method).to_owned(),
            value: value.clone(),
        });
    }
    let sized = sized(types)
        .into_iter()
        .find(|(_, sqlite, postgres)| matches(sqlite, postgres));
    let custom = || types.map(|ty| (*ty).to_owned());
    sized.map(|(code, ..)| code).ok_or_else(custom)
}

/// Returns the candidate types with the sizes that the SQL types contain.
fn sized(types: &PerEngine<&str>) -> Vec<(TypeCode, String, String)> {
    let sizes = types.sqlite.map(numbers).filter(|sizes| !sizes.is_empty());
    let sizes = sizes.or_else(|| types.postgres.map(numbers)).unwrap_or_default();
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

fn numbers(ty: &str) -> Vec<u32> {
    let inner = ty.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let parts = inner.into_iter().flat_map(|inner| inner.split(','));
    parts.filter_map(|part| part.trim().parse().ok()).collect()
}
