//! Values of a field for examples and tests.

use crate::resource::names::{capitalize, label};
use crate::resource::spec::{Field, Spec, Type};

impl Field {
    /// Returns a valid JSON value, and a different one. References are replaced in tests.
    pub(super) fn samples(&self) -> (String, String) {
        let (one, other) = match &self.ty {
            Type::String => (
                format!("\"{} one\"", capitalize(&label(&self.name))),
                format!("\"{} two\"", capitalize(&label(&self.name))),
            ),
            Type::Text => ("\"First line\\nSecond line\"".to_owned(), "\"Another text\"".to_owned()),
            Type::Int => ("3".to_owned(), "-4".to_owned()),
            Type::BigInt => ("42".to_owned(), "-1".to_owned()),
            Type::Decimal => ("\"12.5\"".to_owned(), "\"-0.0001\"".to_owned()),
            Type::Bool => ("true".to_owned(), "false".to_owned()),
            Type::Date => ("\"2026-11-24\"".to_owned(), "\"1999-12-31\"".to_owned()),
            Type::DateTime => (
                "\"2026-11-24T09:00:00.000000Z\"".to_owned(),
                "\"2026-11-25T09:00:00.500000Z\"".to_owned(),
            ),
            Type::Uuid | Type::Reference(_) => (
                "\"01933b1e-7c00-7000-8000-000000000001\"".to_owned(),
                "\"01933b1e-7c00-7000-8000-000000000002\"".to_owned(),
            ),
            Type::Json => ("{ \"color\": \"blue\" }".to_owned(), "[1, null]".to_owned()),
            Type::Enum(values) => (
                format!("\"{}\"", values[0]),
                format!("\"{}\"", values.last().unwrap_or(&values[0])),
            ),
        };
        (one, other)
    }

    /// Returns a Rust expression for a valid JSON value. Values that are unique or sorted differ by `number`.
    pub(super) fn numbered(&self, spec: &Spec) -> String {
        match &self.ty {
            Type::String => format!("format!(\"{} {{number}}\")", capitalize(&label(&self.name))),
            Type::Int | Type::BigInt => "number".to_owned(),
            Type::Decimal => "format!(\"{number}.5\")".to_owned(),
            Type::Date => "date(number)".to_owned(),
            Type::DateTime => "format!(\"{}T09:00:00.000000Z\", date(number))".to_owned(),
            Type::Uuid => "format!(\"01933b1e-7c00-7000-8000-{number:012}\")".to_owned(),
            Type::Reference(names) => match names.singular.as_str() {
                target @ ("user" | "role") => {
                    format!(
                        "admin.create_{target}(&format!(\"{}-{}{{number}}\")).await",
                        spec.names.singular, self.name
                    )
                }
                target => format!("create_{target}(admin.clone(), unique_number()).await"),
            },
            Type::Text | Type::Bool | Type::Json | Type::Enum(_) => self.samples().0,
        }
    }

    /// Returns the text of a search that finds the value with the number 102 only.
    pub(super) fn search_sample(&self) -> String {
        format!("{}%20102", label(&self.name).to_uppercase().replace(' ', "%20"))
    }

    /// Returns an invalid JSON value, and the code of its error.
    pub(super) fn invalid(&self) -> (&'static str, &'static str) {
        match self.ty {
            Type::String | Type::Text => ("\"\"", "too_short"),
            Type::Int => ("1.5", "invalid_type"),
            Type::BigInt => ("9_007_199_254_740_992_i64", "out_of_range"),
            Type::Decimal => ("\"1,5\"", "invalid_format"),
            Type::Bool => ("\"yes\"", "invalid_type"),
            Type::Date => ("\"2026-02-30\"", "invalid_format"),
            Type::DateTime => ("\"2026-11-24\"", "invalid_format"),
            Type::Uuid | Type::Reference(_) => ("\"not a uuid\"", "invalid_format"),
            Type::Json => ("\"x\".repeat(17_000)", "too_long"),
            Type::Enum(_) => ("\"unknown\"", "not_allowed_value"),
        }
    }
}
