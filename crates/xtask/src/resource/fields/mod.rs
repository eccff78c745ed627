//! The code that each type of field needs, in every file.

mod bodies;
mod columns;
mod samples;

use minijinja::{Value, context};

use crate::resource::names::{capitalize, label, pascal};
use crate::resource::pages;
use crate::resource::spec::{Field, Spec, Type};

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

    fn option(&self, ty: &str) -> String {
        if self.optional {
            format!("Option<{ty}>")
        } else {
            ty.to_owned()
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
        Type::Reference(names) => names.values(),
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
        filter_schema => field.filter_schema(spec),
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
