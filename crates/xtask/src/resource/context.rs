//! The values that the templates of a resource use.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::resource::fields::fields;
use crate::resource::names::{Names, label, pascal};
use crate::resource::pages::pages;
use crate::resource::spec::{Field, Spec, Type};

/// Returns the values of all templates.
pub(crate) fn context(spec: &Spec, migration: &str) -> Value {
    let has = |ty: &Type| spec.fields.iter().any(|field| field.ty == *ty);
    let references = spec.any(|field| matches!(field.ty, Type::Reference(_)));
    let uniques = spec.any(|field| field.unique);
    let enums = spec.any(|field| matches!(field.ty, Type::Enum(_)));
    let searched: Vec<String> = spec
        .fields
        .iter()
        .filter(|field| field.is_searchable())
        .map(|field| format!("the {}", label(&field.name)))
        .collect();
    let key_texts = spec.fields.iter().filter(|field| field.is_key_text());
    let bytewise: Vec<String> = key_texts
        .map(|field| format!("Column::{}", pascal(&field.member())))
        .collect();
    let searchable = searched.join(" or ");
    let fields = fields(spec);
    context! {
        r => spec.names.values(),
        migration => migration,
        own_types => own_types(spec),
        pages => pages(spec, &fields),
        fields => fields,
        words => spec.words().join(" "),
        references => references,
        uniques => uniques,
        enums => enums,
        json => has(&Type::Json),
        uuid => has(&Type::Uuid),
        query_bool => has(&Type::Bool),
        searchable => searchable,
        indexes => spec.any(Field::has_index),
        bytewise => bytewise.join(", "),
        define_table => !bytewise.is_empty() || spec.any(Field::has_index),
        search_parts => search_parts(spec),
        title => spec.title().map(Field::member),
        editable => spec.fields.iter().position(|field| !matches!(field.ty, Type::Reference(_))),
        optionals => spec.any(|field| field.optional),
        required => spec.any(|field| !field.optional && field.ty != Type::Bool),
        numbered => spec.any(|field| !matches!(field.ty, Type::Text | Type::Bool | Type::Json | Type::Enum(_))),
        test_imports => test_imports(spec),
        targets => targets(spec),
        model_imports => model_imports(spec),
        feature_imports => feature_imports(spec),
        repo_imports => repo_imports(spec),
        schema_imports => schema_imports(spec),
        migration_imports => migration_imports(spec),
        column_imports => column_imports(spec),
        entity_modules => targets(spec).iter().map(|target| target.get_attr("name").unwrap_or_default()).collect::<Vec<_>>(),
    }
}

impl Spec {
    /// Returns whether a field meets a condition.
    pub(crate) fn any(&self, test: impl Fn(&Field) -> bool) -> bool {
        self.fields.iter().any(test)
    }

    /// Returns the field that identifies the resource to people: the first required string.
    pub(crate) fn title(&self) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.ty == Type::String && !field.optional)
    }
}

/// Returns the resources that this one refers to, each once.
fn targets(spec: &Spec) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let distinct = spec.referenced().filter(|names| seen.insert(names.singular.clone()));
    distinct.map(Names::values).collect()
}

fn search_parts(spec: &Spec) -> String {
    let parts = spec.fields.iter().filter(|field| field.is_searchable()).map(|field| {
        let member = field.member();
        if field.optional {
            format!("{member}.as_ref().map_or(\"\", |text| text.as_str())")
        } else {
            format!("{member}.as_str()")
        }
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// The names in an import, without duplicates. rustfmt sorts them.
struct Imports(BTreeSet<String>);

impl Imports {
    fn new(names: &[&str]) -> Self {
        Self(names.iter().map(ToString::to_string).collect())
    }

    fn add(mut self, condition: bool, name: &str) -> Self {
        if condition {
            self.0.insert(name.to_owned());
        }
        self
    }

    fn all(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.0.extend(names);
        self
    }

    fn text(self) -> String {
        self.0.into_iter().collect::<Vec<_>>().join(", ")
    }
}

/// Returns the names of the types of the fields that the domain has for every resource.
fn value_types(spec: &Spec) -> Vec<String> {
    let names = spec.fields.iter().filter_map(|field| match &field.ty {
        Type::BigInt => Some("Integer".to_owned()),
        Type::Decimal => Some("Decimal".to_owned()),
        Type::Date => Some("Date".to_owned()),
        Type::DateTime => Some("Timestamp".to_owned()),
        Type::Json => Some("Json".to_owned()),
        Type::Reference(names) => Some(pascal(&names.singular)),
        _ => None,
    });
    names.collect()
}

/// Returns the names of the types of the fields that the resource declares.
fn own_types(spec: &Spec) -> Vec<String> {
    let fields = spec.fields.iter();
    let own = fields.filter(|field| matches!(field.ty, Type::String | Type::Text | Type::Enum(_)));
    own.map(|field| field.domain(spec)).collect()
}

fn model_imports(spec: &Spec) -> String {
    let enums = spec.any(|field| matches!(field.ty, Type::Enum(_)));
    Imports::new(&["Id", "Kind", "ListRequest", "Order", "Position", "Timestamp", "Version"])
        .add(
            true,
            if enums {
                "names::{closed_names, open_names}"
            } else {
                "names::closed_names"
            },
        )
        .add(spec.any(Field::is_searchable), "text::text_type")
        .add(spec.any(Field::is_searchable), "SearchText")
        .all(value_types(spec))
        .text()
}

fn feature_imports(spec: &Spec) -> String {
    let (name, names) = (pascal(&spec.names.singular), pascal(&spec.names.plural));
    Imports::new(&[
        "Actor",
        "AuditAction",
        "AuditEvent",
        "Id",
        "IfMatch",
        "Page",
        "Permission",
        "Position",
        "Version",
    ])
    .add(spec.any(|field| field.optional), "Patch")
    .all([name, format!("List{names}")])
    .all(value_types(spec))
    .all(own_types(spec))
    .text()
}

fn repo_imports(spec: &Spec) -> String {
    let (name, names) = (pascal(&spec.names.singular), pascal(&spec.names.plural));
    let ends = ["", "Filter", "Repo", "Sort"];
    let values = value_types(spec)
        .into_iter()
        .filter(|ty| matches!(ty.as_str(), "Integer" | "Json"));
    Imports::new(&["Id", "Listed", "Position", "StoreResult"])
        .add(spec.any(Field::is_searchable), "SearchText")
        .all(ends.map(|end| format!("{name}{end}")))
        .all([format!("List{names}")])
        .all(values)
        .all(own_types(spec))
        .text()
}

fn schema_imports(spec: &Spec) -> String {
    let name = pascal(&spec.names.singular);
    let ends = ["", "Filter", "Sort"];
    let has_references = spec.referenced().next().is_some();
    Imports::new(&["Order", "Position"])
        .add(spec.any(Field::is_searchable), "SearchText")
        .add(spec.any(|field| field.optional), "Patch")
        .add(has_references, "Id")
        .all(ends.map(|end| format!("{name}{end}")))
        .all(value_types(spec))
        .all(own_types(spec))
        .text()
}

fn migration_imports(spec: &Spec) -> String {
    let needs_column = |field: &Field| {
        matches!(
            field.ty,
            Type::Int | Type::Decimal | Type::Bool | Type::Date | Type::Json
        )
    };
    let references = spec.referenced().next().is_some();
    Imports::new(&["Index", "Table"])
        .add(spec.any(needs_column), "ColumnDef")
        .add(references, "ForeignKey")
        .add(references, "ForeignKeyAction")
        .text()
}

fn column_imports(spec: &Spec) -> String {
    Imports::new(&["counter", "id", "time"])
        .add(spec.any(Field::is_key_text), "key_text")
        .add(spec.any(Field::is_searchable), "text")
        .add(spec.any(|field| field.optional), "nullable")
        .text()
}

fn test_imports(spec: &Spec) -> String {
    let is_built_in = |names: &Names| matches!(names.singular.as_str(), "user" | "role");
    Imports::new(&["Client", "Engine", "TestServer", "on_each_database"])
        .add(
            spec.any(|field| matches!(field.ty, Type::Date | Type::DateTime)),
            "date",
        )
        .add(!spec.referenced().all(is_built_in), "unique_number")
        .text()
}
