//! The code that each type of field needs, in every file.

use minijinja::{Value, context};

use crate::resource::names::{Names, capitalize, label, pascal};
use crate::resource::pages;
use crate::resource::spec::{Field, Spec, Type};

/// Returns the values of a resource for the templates.
pub(crate) fn resource(names: &Names) -> Value {
    let Names {
        singular,
        plural,
        label: text,
    } = names;
    let labels = label(plural);
    let article = super::names::article(text);
    context! {
        name => singular,
        names => plural,
        Name => pascal(singular),
        Names => pascal(plural),
        NAME => singular.to_uppercase(),
        NAMES => plural.to_uppercase(),
        camel => super::names::camel(singular),
        camels => super::names::camel(plural),
        path => super::names::kebab(plural),
        kebab => super::names::kebab(singular),
        label => text,
        labels => labels.as_str(),
        Label => capitalize(text),
        Labels => capitalize(&labels),
        article => article,
        Article => capitalize(article),
    }
}

/// Returns the values of the fields for the templates.
pub(crate) fn fields(spec: &Spec) -> Vec<Value> {
    let last_index = spec.fields.iter().rposition(Field::has_index);
    let fields = spec.fields.iter().enumerate();
    fields
        .map(|(at, field)| field_values(spec, field, Some(at) == last_index))
        .collect()
}

impl Field {
    /// Returns whether the field has an index that is not unique.
    pub(crate) fn has_index(&self) -> bool {
        self.index || matches!(self.ty, Type::Reference(_))
    }

    /// Returns whether a list can be sorted by the field. Values that may be missing have no place in an order.
    pub(crate) fn is_sortable(&self) -> bool {
        let has_order = matches!(
            self.ty,
            Type::String | Type::Int | Type::BigInt | Type::Decimal | Type::Date | Type::DateTime
        );
        has_order && !self.optional
    }

    /// Returns whether a search looks at the field.
    pub(crate) fn is_searchable(&self) -> bool {
        matches!(self.ty, Type::String | Type::Text)
    }

    /// Returns whether a list can be filtered by the field.
    pub(crate) fn is_filter(&self) -> bool {
        matches!(self.ty, Type::Bool | Type::Enum(_) | Type::Reference(_))
    }

    /// Returns the type in the domain, without its option.
    pub(crate) fn domain(&self, spec: &Spec) -> String {
        match &self.ty {
            Type::String | Type::Text | Type::Enum(_) => {
                format!("{}{}", pascal(&spec.names.singular), pascal(&self.name))
            }
            Type::Int => "i32".to_owned(),
            Type::BigInt => "Integer".to_owned(),
            Type::Decimal => "Decimal".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Date => "Date".to_owned(),
            Type::DateTime => "Timestamp".to_owned(),
            Type::Uuid => "Uuid".to_owned(),
            Type::Json => "Json".to_owned(),
            Type::Reference(names) => format!("Id<{}>", pascal(&names.singular)),
        }
    }

    /// Returns the type in the entity, without its option.
    fn column(&self) -> &'static str {
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

    fn column_attributes(&self) -> String {
        let ty = match self.ty {
            Type::String | Type::Text | Type::Enum(_) => "column_type = \"Text\"",
            Type::Decimal => "column_type = \"Decimal(Some((15, 4)))\"",
            Type::Json => "column_type = \"JsonBinary\"",
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

    fn migration_column(&self, spec: &Spec) -> String {
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
            Type::Json => format!("ColumnDef::new({name}).json_binary().not_null().take()"),
        };
        if self.optional {
            format!("nullable({column})")
        } else {
            column
        }
    }

    /// Returns the expression that converts the value of the domain, which is borrowed, to the column.
    fn to_column(&self) -> String {
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
    fn read_column(&self, spec: &Spec) -> String {
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

    fn filter_condition(&self) -> String {
        let member = self.member();
        let column = format!("Column::{}", pascal(&member));
        match self.ty {
            Type::Bool => format!("{member}.map(|value| {column}.eq(value))"),
            Type::Enum(_) => format!("{member}.as_ref().map(|name| {column}.eq(name.as_str()))"),
            _ => format!("{member}.map(|id| {column}.eq(id.as_uuid()))"),
        }
    }

    fn response_type(&self) -> String {
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

    fn option(&self, ty: &str) -> String {
        if self.optional {
            format!("Option<{ty}>")
        } else {
            ty.to_owned()
        }
    }

    fn to_response(&self) -> String {
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
    fn constraints(&self) -> &'static str {
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
    fn schema_type(&self, spec: &Spec) -> Option<String> {
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

    fn response_schema(&self, spec: &Spec) -> String {
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

    fn create_schema(&self, spec: &Spec) -> String {
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

    fn update_schema(&self, spec: &Spec) -> String {
        let ty = self.schema_type(spec).unwrap_or_else(|| self.domain(spec));
        let nullable = if self.optional { "" } else { "nullable = false" };
        join(&[nullable, &format!("value_type = Option<{ty}>"), self.constraints()])
    }

    fn create_deserr(&self) -> &'static str {
        if self.optional || self.ty == Type::Bool {
            "default"
        } else {
            ""
        }
    }

    /// Returns what the documentation of a request says about the value, after its name.
    fn request_note(&self) -> &'static str {
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

    fn response_note(&self) -> &'static str {
        match self.ty {
            Type::Reference(_) => ", by its identifier",
            Type::Decimal => ", without zeros at its end",
            _ => "",
        }
    }

    /// Returns a valid JSON value, and a different one. References are replaced in tests.
    fn samples(&self) -> (String, String) {
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
    fn numbered(&self, spec: &Spec) -> String {
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
    fn search_sample(&self) -> String {
        format!("{}%20102", label(&self.name).to_uppercase().replace(' ', "%20"))
    }

    /// Returns an invalid JSON value, and the code of its error.
    fn invalid(&self) -> (&'static str, &'static str) {
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

    fn type_name(&self) -> &'static str {
        match self.ty {
            Type::String => "string",
            Type::Text => "text",
            Type::Int => "int",
            Type::BigInt => "bigint",
            Type::Decimal => "decimal",
            Type::Bool => "bool",
            Type::Date => "date",
            Type::DateTime => "datetime",
            Type::Uuid => "uuid",
            Type::Json => "json",
            Type::Enum(_) => "enum",
            Type::Reference(_) => "reference",
        }
    }
}

fn field_values(spec: &Spec, field: &Field, last_index: bool) -> Value {
    let member = field.member();
    let domain = field.domain(spec);
    let text = label(&field.name);
    let (sample, other_sample) = field.samples();
    let (invalid, invalid_code) = field.invalid();
    let values = match &field.ty {
        Type::Enum(values) => values
            .iter()
            .map(|name| {
                context! {
                    name => name,
                    Name => pascal(name),
                    label => label(name),
                    Label => capitalize(&label(name)),
                }
            })
            .collect(),
        _ => Vec::new(),
    };
    let target = match &field.ty {
        Type::Reference(names) => resource(names),
        _ => Value::UNDEFINED,
    };
    context! {
        name => field.name.as_str(),
        Name => pascal(&field.name),
        member => member.as_str(),
        Member => pascal(&member),
        label => text.as_str(),
        noun => if field.ty == Type::Bool { format!("flag `{}`", field.name) } else { text.clone() },
        Label => capitalize(&text),
        type => field.type_name(),
        optional => field.optional,
        unique => field.unique,
        index => field.has_index(),
        last_index => last_index,
        sortable => field.is_sortable(),
        searchable => field.is_searchable(),
        filter => field.is_filter(),
        text_type => matches!(field.ty, Type::String | Type::Text),
        domain => domain.as_str(),
        optional_domain => field.option(&domain),
        column => field.option(field.column()),
        column_attributes => field.column_attributes(),
        migration_column => field.migration_column(spec),
        to_column => field.to_column(),
        from_column => field.read_column(spec),
        filter_condition => field.filter_condition(),
        filter_type => if field.ty == Type::Bool { "QueryBool".to_owned() } else { domain.clone() },
        filter_schema => filter_schema(spec, field),
        response_type => field.response_type(),
        response_schema => field.response_schema(spec),
        to_response => field.to_response(),
        create_deserr => field.create_deserr(),
        create_schema => field.create_schema(spec),
        update_schema => field.update_schema(spec),
        request_note => field.request_note(),
        response_note => field.response_note(),
        in_example => !field.optional,
        sample => sample,
        other_sample => other_sample,
        required => !field.optional && field.ty != Type::Bool,
        numbered => field.numbered(spec),
        search_sample => field.search_sample(),
        invalid => invalid,
        invalid_code => invalid_code,
        values => values,
        target => target,
        web => pages::field(field),
    }
}

fn filter_schema(spec: &Spec, field: &Field) -> String {
    match field.ty {
        Type::Bool => "value_type = Option<bool>".to_owned(),
        Type::Enum(_) => format!("value_type = Option<{}Schema>", field.domain(spec)),
        _ => "value_type = Option<Uuid>".to_owned(),
    }
}

/// Joins the texts that are not empty.
fn join(texts: &[&str]) -> String {
    let texts: Vec<_> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    texts.join(", ")
}
