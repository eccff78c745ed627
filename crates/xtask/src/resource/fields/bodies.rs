//! The code for the member of a field in requests and responses.

use crate::resource::spec::{Field, Spec, Type};

impl Field {
    pub(super) fn response_type(&self) -> String {
        let ty = match self.ty {
            Type::String | Type::Text | Type::Decimal | Type::Date | Type::Enum(_) => "String",
            Type::Int => "i32",
            Type::BigInt => "i64",
            Type::Bool => "bool",
            Type::DateTime => "DateTime<Utc>",
            Type::Uuid | Type::Reference(_) => "Uuid",
            Type::Json => "Value",
        };
        self.option(ty)
    }

    pub(super) fn to_response(&self) -> String {
        let member = self.member();
        let convert = match self.ty {
            Type::String | Type::Text => "String::from",
            Type::Decimal | Type::Date => "|value| value.to_string()",
            Type::Enum(_) => "|name| name.as_str().to_owned()",
            Type::BigInt => "Integer::get",
            Type::Reference(_) => "|id| id.as_uuid()",
            Type::Json => "|json| serde_json::from_str(json.as_str()).unwrap_or_default()",
            _ => return member,
        };
        if self.optional {
            return format!("{member}: {member}.map({convert})");
        }
        let value = match self.ty {
            Type::String | Type::Text => format!("{member}.into()"),
            Type::Decimal | Type::Date => format!("{member}.to_string()"),
            Type::Enum(_) => format!("{member}.as_str().to_owned()"),
            Type::BigInt => format!("{member}.get()"),
            Type::Reference(_) => format!("{member}.as_uuid()"),
            _ => format!("serde_json::from_str({member}.as_str()).unwrap_or_default()"),
        };
        format!("{member}: {value}")
    }

    /// Returns the constraints of the value in the OpenAPI document.
    pub(super) fn constraints(&self) -> &'static str {
        match self.ty {
            Type::String => "min_length = 1, max_length = 200",
            Type::Text => "min_length = 1, max_length = 10000",
            Type::BigInt => "minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64",
            Type::Decimal => "pattern = \"^-?[0-9]+([.][0-9]+)?$\"",
            Type::Date => "format = \"date\"",
            _ => "",
        }
    }

    /// Returns the type of the value in the OpenAPI document, if it differs from the type of the member.
    pub(super) fn schema_type(&self, spec: &Spec) -> Option<String> {
        Some(match self.ty {
            Type::String | Type::Text | Type::Decimal | Type::Date => "String".to_owned(),
            Type::BigInt => "i64".to_owned(),
            Type::DateTime => "DateTime<Utc>".to_owned(),
            Type::Reference(_) => "Uuid".to_owned(),
            Type::Json => "Value".to_owned(),
            Type::Enum(_) => format!("{}Schema", self.domain(spec)),
            Type::Int | Type::Bool | Type::Uuid => return None,
        })
    }

    pub(super) fn response_schema(&self, spec: &Spec) -> String {
        let required = if self.optional { "required" } else { "" };
        let ty = match self.ty {
            Type::Enum(_) => format!("value_type = {}", self.option(&format!("{}Schema", self.domain(spec)))),
            _ => String::new(),
        };
        let constraints = match self.ty {
            Type::Decimal | Type::Date => self.constraints(),
            _ => "",
        };
        join(&[required, &ty, constraints])
    }

    pub(super) fn create_schema(&self, spec: &Spec) -> String {
        let ty = self
            .schema_type(spec)
            .map(|ty| format!("value_type = {}", self.option(&ty)));
        let required = if self.ty == Type::Bool && !self.optional {
            "required = false"
        } else {
            ""
        };
        join(&[required, &ty.unwrap_or_default(), self.constraints()])
    }

    pub(super) fn update_schema(&self, spec: &Spec) -> String {
        let ty = self.schema_type(spec).unwrap_or_else(|| self.domain(spec));
        let nullable = if self.optional { "" } else { "nullable = false" };
        join(&[nullable, &format!("value_type = Option<{ty}>"), self.constraints()])
    }

    pub(super) fn create_deserr(&self) -> &'static str {
        if self.optional || self.ty == Type::Bool {
            "default"
        } else {
            ""
        }
    }

    /// Returns what the documentation of a request says about the value, after its name.
    pub(super) fn request_note(&self) -> &'static str {
        match self.ty {
            Type::String => ", 1 to 200 code points",
            Type::Text => ", 1 to 10,000 code points",
            Type::BigInt => ", between -(2^53 - 1) and 2^53 - 1",
            Type::Decimal => ", at most 11 digits before and 4 after the point",
            Type::Date => ", in the format `2026-11-24`",
            Type::DateTime => ", in RFC 3339 format",
            Type::Bool if !self.optional => "; false by default",
            Type::Json => ", any JSON value of at most 16 KiB",
            Type::Reference(_) => ", by its identifier",
            _ => "",
        }
    }

    pub(super) fn response_note(&self) -> &'static str {
        match self.ty {
            Type::Reference(_) => ", by its identifier",
            Type::Decimal => ", without zeros at its end",
            _ => "",
        }
    }

    pub(super) fn filter_schema(&self, spec: &Spec) -> String {
        match self.ty {
            Type::Bool => "value_type = Option<bool>".to_owned(),
            Type::Enum(_) => format!("value_type = Option<{}Schema>", self.domain(spec)),
            _ => "value_type = Option<Uuid>".to_owned(),
        }
    }
}

/// Joins the texts that are not empty.
fn join(texts: &[&str]) -> String {
    let texts: Vec<_> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    texts.join(", ")
}
