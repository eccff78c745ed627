//! The code that each type of field needs in the pages of the web app and their tests.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::resource::names::{Names, camel, capitalize, label, pascal};
use crate::resource::spec::{Field, Spec, Type};

/// The maximum number of columns of a list, without the name of the resource and the time of its creation.
const MAX_COLUMNS: usize = 6;

/// Returns the values of the pages for the templates. `fields` are those of all fields.
pub(crate) fn pages(spec: &Spec, fields: &[Value]) -> Value {
    let select = |test: &dyn Fn(&Field) -> bool| -> Vec<Value> {
        let pairs = spec.fields.iter().zip(fields).filter(|(field, _)| test(field));
        pairs.map(|(_, value)| value.clone()).collect()
    };
    let distinct = |names: Vec<&'static str>| {
        let mut names = names;
        names.sort_unstable();
        names.dedup();
        names
    };
    let title = spec.title();
    let is_column = |field: &Field| field.is_column() && Some(field) != title;
    let searched: Vec<String> = spec
        .fields
        .iter()
        .filter(|field| field.is_searchable())
        .map(|field| label(&field.name))
        .collect();
    let mut codecs: Vec<_> = spec.fields.iter().filter_map(Field::codec_name).collect();
    if spec.any(|field| field.optional) {
        codecs.push("optional");
    }
    let controls = spec.fields.iter().map(Field::control);
    let controls = controls.filter(|name| *name != "ReferenceField").collect();
    // The filters of the test select only the second resource, unless all resources have the same values.
    let tells_apart = |field: &Field| field.is_searchable() || (field.is_filter() && field.has_other_value());
    context! {
        title_label => title.map(|field| capitalize(&label(&field.name))),
        title_typed => title.map(Field::typed),
        columns => select(&is_column).into_iter().take(MAX_COLUMNS).collect::<Vec<_>>(),
        filters => select(&Field::is_filter),
        searched => searched.join(" or "),
        search_member => spec.fields.iter().find(|field| field.is_searchable()).map(|field| &field.name),
        codecs => distinct(codecs),
        controls => distinct(controls),
        texts => spec.any(|field| field.unique || matches!(field.ty, Type::Reference(_))),
        required => select(&|field| !field.optional && field.ty != Type::Bool).into_iter().next(),
        edited => select(&|field| field.mine().is_some()).into_iter().next(),
        required_targets => required_targets(spec),
        numbered => spec.any(|field| !field.optional && field.is_numbered()),
        matches => if spec.any(tells_apart) { 1 } else { 2 },
    }
}

/// Returns the generated resources that this one always refers to, each once.
fn required_targets(spec: &Spec) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let required = spec.fields.iter().filter_map(|field| match &field.ty {
        Type::Reference(names) if !field.optional => Some(names),
        _ => None,
    });
    let generated = required.filter(|names| !matches!(names.singular.as_str(), "user" | "role"));
    let distinct = generated.filter(|names| seen.insert(names.singular.clone()));
    distinct.map(Names::values).collect()
}

/// Returns the values of a field for the templates of the pages.
pub(crate) fn field(field: &Field) -> Value {
    context! {
        camel => camel(&field.name),
        codec => field.codec(),
        control => field.control(),
        cell => field.cell(),
        format => field.format(),
        missing => field.missing(),
        typed => field.typed(),
        shown => field.shown(),
        numbered => field.numbered_expression(),
        other => field.other(),
        other_typed => field.other_typed(),
        mine => field.mine().map(|(mine, _)| mine),
        theirs => field.mine().map(|(_, theirs)| theirs),
    }
}

/// Code for the pages.
impl Field {
    fn is_column(&self) -> bool {
        !matches!(self.ty, Type::Text | Type::Uuid | Type::Json | Type::Reference(_))
    }

    /// Returns the name of the function that converts the value in a form; a checkbox needs none.
    fn codec_name(&self) -> Option<&'static str> {
        Some(match self.ty {
            Type::String | Type::Text => "text",
            Type::Int => "int",
            Type::BigInt => "bigint",
            Type::Decimal => "decimal",
            Type::Bool if self.optional => "yesNo",
            Type::Bool => return None,
            Type::Date => "date",
            Type::DateTime => "dateTime",
            Type::Uuid => "uuid",
            Type::Json => "json",
            Type::Enum(_) => "oneOf",
            Type::Reference(_) => "reference",
        })
    }

    /// Returns the expression for the conversion of the value in a form.
    fn codec(&self) -> String {
        let Some(name) = self.codec_name() else {
            return "z.boolean()".to_owned();
        };
        let codec = match self.ty {
            Type::String => "text({ max: 200 })".to_owned(),
            Type::Text => "text({ max: 10_000 })".to_owned(),
            Type::Enum(_) => format!("oneOf({}Labels)", camel(&self.name)),
            _ => format!("{name}()"),
        };
        if self.optional {
            format!("optional({codec})")
        } else {
            codec
        }
    }

    /// Returns the component of the field in a form.
    fn control(&self) -> &'static str {
        match self.ty {
            Type::String => "TextField",
            Type::Text => "TextareaField",
            Type::Int | Type::BigInt => "IntegerField",
            Type::Decimal => "DecimalField",
            Type::Bool if self.optional => "YesNoField",
            Type::Bool => "CheckboxField",
            Type::Date => "DateField",
            Type::DateTime => "DateTimeField",
            Type::Uuid => "UuidField",
            Type::Json => "JsonField",
            Type::Enum(_) => "SelectField",
            Type::Reference(_) => "ReferenceField",
        }
    }

    /// Returns the name of the class of the cells in a list.
    fn cell(&self) -> &'static str {
        match self.ty {
            Type::Int | Type::BigInt | Type::Decimal => "wideNumberCell",
            Type::String | Type::Text => "wideTextCell",
            _ => "wideCell",
        }
    }

    /// Returns the name of the function that formats the value in a list, if it needs one.
    fn format(&self) -> Option<&'static str> {
        match self.ty {
            Type::Int | Type::BigInt => Some("formatNumber"),
            Type::Bool => Some("formatBoolean"),
            Type::Date => Some("formatDate"),
            Type::DateTime => Some("formatDateTime"),
            _ => None,
        }
    }

    /// Returns the message of a required field without a value.
    fn missing(&self) -> &'static str {
        match self.ty {
            Type::Enum(_) | Type::Reference(_) => "Select a value.",
            Type::Date => "Enter a date.",
            Type::DateTime => "Enter a date and time.",
            _ => "Enter a value.",
        }
    }

    /// Returns the expression for what the test of a new resource types or selects.
    fn typed(&self) -> String {
        match &self.ty {
            Type::String => format!("\"{} one\"", capitalize(&label(&self.name))),
            Type::Text => "\"First line\\nSecond line\"".to_owned(),
            Type::Int => "\"3\"".to_owned(),
            Type::BigInt => "\"42\"".to_owned(),
            Type::Decimal => "\"12.50\"".to_owned(),
            Type::Bool => "\"true\"".to_owned(),
            Type::Date => "\"2026-11-24\"".to_owned(),
            Type::DateTime => "\"2026-11-24T09:30\"".to_owned(),
            Type::Uuid => "\"01933b1e-7c00-7000-8000-000000000001\"".to_owned(),
            Type::Json => "'{ \"color\": \"blue\" }'".to_owned(),
            Type::Enum(values) => format!("\"{}\"", values[0]),
            Type::Reference(names) => match names.singular.as_str() {
                "user" => "ADMIN".to_owned(),
                "role" => "\"admin\"".to_owned(),
                _ => other_name(names),
            },
        }
    }

    /// Returns the expression for what the page of the new resource shows.
    fn shown(&self) -> String {
        match &self.ty {
            Type::Decimal => "\"12.5\"".to_owned(),
            Type::Json => "'{\\n  \"color\": \"blue\"\\n}'".to_owned(),
            _ => self.typed(),
        }
    }

    /// Returns the expression for a value in the API, which differs by the number `last` if it is unique or sorted.
    fn numbered_expression(&self) -> String {
        match &self.ty {
            Type::String => format!("`{} ${{last}}`", capitalize(&label(&self.name))),
            Type::Text => "\"Text\"".to_owned(),
            Type::Int | Type::BigInt => "last".to_owned(),
            Type::Decimal => "`${last}.5`".to_owned(),
            Type::Bool => "false".to_owned(),
            Type::Date => "`${1900 + last}-11-24`".to_owned(),
            Type::DateTime => "`${1900 + last}-11-24T09:00:00Z`".to_owned(),
            Type::Uuid => "`01933b1e-7c00-7000-8000-${String(last).padStart(12, \"0\")}`".to_owned(),
            Type::Json => "{ color: \"blue\" }".to_owned(),
            Type::Enum(values) => format!("\"{}\"", values[0]),
            Type::Reference(names) => match names.singular.as_str() {
                "user" => "(await api.me()).id".to_owned(),
                "role" => "await api.roleId(\"member\")".to_owned(),
                name => format!("(await create{}(api)).id", pascal(name)),
            },
        }
    }

    /// Returns whether the value in the API has the number `last`.
    fn is_numbered(&self) -> bool {
        !matches!(
            self.ty,
            Type::Text | Type::Bool | Type::Json | Type::Enum(_) | Type::Reference(_)
        )
    }

    /// Returns whether the value that a test filters by differs from that of the other resources.
    fn has_other_value(&self) -> bool {
        match &self.ty {
            Type::Enum(values) => self.optional || values.len() > 1,
            _ => true,
        }
    }

    /// Returns the expression for the value in the API that a test filters by.
    fn other(&self) -> String {
        match &self.ty {
            Type::Reference(names) => format!("other{}.id", pascal(&names.singular)),
            Type::Bool => "true".to_owned(),
            Type::Enum(values) => format!("\"{}\"", values.last().unwrap_or(&values[0])),
            _ => String::new(),
        }
    }

    /// Returns the expression for what a test selects in a filter.
    fn other_typed(&self) -> String {
        match &self.ty {
            Type::Reference(names) => match names.singular.as_str() {
                "user" => "MEMBER".to_owned(),
                "role" => "\"other\"".to_owned(),
                _ => other_name(names),
            },
            Type::Bool => "\"true\"".to_owned(),
            _ => self.other(),
        }
    }

    /// Returns the expressions for what the test of an edit types, and for the value in the API that someone else saves
    /// at the same time. Both differ from the value before.
    fn mine(&self) -> Option<(String, String)> {
        let texts = |mine: &str, theirs: &str| Some((mine.to_owned(), theirs.to_owned()));
        match &self.ty {
            Type::String | Type::Text => texts("\"Changed here\"", "\"Changed there\""),
            Type::Int | Type::BigInt => texts("\"7\"", "8"),
            Type::Decimal => texts("\"7.25\"", "\"8.25\""),
            Type::Date => texts("\"2027-01-02\"", "\"2027-01-03\""),
            Type::DateTime => texts("\"2027-01-02T09:30\"", "\"2027-01-03T09:30:00Z\""),
            Type::Uuid => texts(
                "\"01933b1e-7c00-7000-8000-00000000000a\"",
                "\"01933b1e-7c00-7000-8000-00000000000b\"",
            ),
            Type::Json => texts("'{ \"changed\": \"here\" }'", "{ changed: \"there\" }"),
            Type::Bool if self.optional => texts("\"true\"", "false"),
            Type::Bool | Type::Reference(_) => None,
            Type::Enum(values) => {
                let others = if self.optional { values } else { &values[1..] };
                match others {
                    [mine, theirs, ..] => Some((format!("\"{mine}\""), format!("\"{theirs}\""))),
                    _ => None,
                }
            }
        }
    }
}

/// Returns the expression for the name of a resource that another refers to in a test.
fn other_name(names: &Names) -> String {
    format!("other{}.name", pascal(&names.singular))
}
