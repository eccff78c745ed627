//! The code for the column of a field: entity, migration and repository.

use crate::resource::names::pascal;
use crate::resource::spec::{Field, Spec, Type};

impl Field {
    /// Returns the type in the entity, without its option.
    pub(super) fn column(&self) -> &'static str {
        match self.ty {
            Type::String | Type::Text | Type::Enum(_) => "String",
            Type::Int => "i32",
            Type::BigInt => "i64",
            Type::Decimal => "Decimal",
            Type::Bool => "bool",
            Type::Date => "Date",
            Type::DateTime => "DateTimeUtc",
            Type::Uuid | Type::Reference(_) => "Uuid",
            Type::Json => "Json",
        }
    }

    pub(super) fn column_attributes(&self) -> String {
        let ty = match self.ty {
            Type::String | Type::Text | Type::Enum(_) => "column_type = \"Text\"",
            Type::Decimal => "column_type = \"Decimal(Some((15, 4)))\"",
            Type::Json => "column_type = \"Json\"",
            _ => "",
        };
        let nullable = if self.optional && !ty.is_empty() {
            "nullable"
        } else {
            ""
        };
        let unique = if self.unique { "unique" } else { "" };
        let attributes: Vec<_> = [ty, nullable, unique]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        attributes.join(", ")
    }

    /// Returns whether the column is text that is compared or sorted.
    pub(crate) fn is_key_text(&self) -> bool {
        matches!(self.ty, Type::String | Type::Enum(_))
    }

    pub(super) fn migration_column(&self, spec: &Spec) -> String {
        let name = format!("{}::{}", pascal(&spec.names.plural), pascal(&self.member()));
        let column = match self.ty {
            Type::String | Type::Enum(_) => format!("key_text(manager, {name})"),
            Type::Text => format!("text({name})"),
            Type::Int => format!("ColumnDef::new({name}).integer().not_null().take()"),
            Type::BigInt => format!("counter({name})"),
            Type::Decimal => format!("ColumnDef::new({name}).decimal_len(15, 4).not_null().take()"),
            Type::Bool => format!("ColumnDef::new({name}).boolean().not_null().take()"),
            Type::Date => format!("ColumnDef::new({name}).date().not_null().take()"),
            Type::DateTime => format!("time({name})"),
            Type::Uuid | Type::Reference(_) => format!("id({name})"),
            Type::Json => format!("ColumnDef::new({name}).json().not_null().take()"),
        };
        if self.optional {
            format!("nullable({column})")
        } else {
            column
        }
    }

    /// Returns the expression that converts the value of the domain, which is borrowed, to the column.
    pub(super) fn to_column(&self) -> String {
        let member = self.member();
        let (convert, borrows) = match self.ty {
            Type::String | Type::Text | Type::Enum(_) => ("as_str().to_owned()", true),
            Type::Json => ("", true),
            Type::BigInt => ("get()", false),
            Type::Reference(_) => ("as_uuid()", false),
            _ => return format!("*{member}"),
        };
        match (self.optional, &self.ty) {
            (false, Type::Json) => format!("serde_json::from_str({member}.as_str()).unwrap_or_default()"),
            (true, Type::Json) => {
                format!("{member}.as_ref().map(|json| serde_json::from_str(json.as_str()).unwrap_or_default())")
            }
            (false, _) => format!("{member}.{convert}"),
            (true, Type::BigInt) => format!("{member}.map(Integer::get)"),
            (true, _) if borrows => format!("{member}.as_ref().map(|value| value.{convert})"),
            (true, _) => format!("{member}.map(|id| id.{convert})"),
        }
    }

    /// Returns the member of the domain with the value of the column.
    pub(super) fn read_column(&self, spec: &Spec) -> String {
        let (member, domain) = (self.member(), self.domain(spec));
        let convert = match self.ty {
            Type::String | Type::Text | Type::Enum(_) | Type::BigInt => format!("{domain}::new_unchecked"),
            Type::Reference(_) => "Id::from_uuid".to_owned(),
            Type::Decimal if self.optional => "|number| number.normalize()".to_owned(),
            Type::Decimal => return format!("{member}: {member}.normalize()"),
            Type::Json if self.optional => "|json| Json::new_unchecked(json.to_string())".to_owned(),
            Type::Json => return format!("{member}: Json::new_unchecked({member}.to_string())"),
            _ => return member,
        };
        if self.optional {
            format!("{member}: {member}.map({convert})")
        } else {
            format!("{member}: {convert}({member})")
        }
    }

    pub(super) fn filter_condition(&self) -> String {
        let member = self.member();
        let column = format!("Column::{}", pascal(&member));
        match self.ty {
            Type::Bool => format!("{member}.map(|value| {column}.eq(value))"),
            Type::Enum(_) => format!("{member}.as_ref().map(|name| {column}.eq(name.as_str()))"),
            _ => format!("{member}.map(|id| {column}.eq(id.as_uuid()))"),
        }
    }
}
