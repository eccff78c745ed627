//! The description of a resource on the command line: its name, and its fields as `name:type:modifier`.

use crate::Outcome;
use crate::resource::names::{Names, is_identifier, pascal};
use crate::resource::reserved::{JAVASCRIPT, MAX_FIELDS, RESERVED, TAKEN};

/// The types that a field can have, for messages.
const TYPES: &str =
    "string, text, int, bigint, decimal, bool, date, datetime, uuid, json, enum(a,b), or the name of a resource";

/// A resource to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spec {
    pub(crate) names: Names,
    pub(crate) fields: Vec<Field>,
    pub(crate) web: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// The name on the command line, such as `owner`.
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) optional: bool,
    pub(crate) unique: bool,
    pub(crate) index: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Text,
    Int,
    BigInt,
    Decimal,
    Bool,
    Date,
    DateTime,
    Uuid,
    Json,
    Enum(Vec<String>),
    /// A reference to another resource, by its name in the singular.
    Reference(Names),
}

impl Spec {
    /// Parses the words after `new resource`. Reports every mistake at once. `exists` returns the names of a resource
    /// that the project has.
    pub(crate) fn parse(words: &[&str], exists: impl Fn(&str) -> Option<Names>) -> Outcome<Self> {
        let mut mistakes = Vec::new();
        let (mut plural, mut web, mut positional) = (None, true, Vec::new());
        for word in words {
            match word.strip_prefix("--") {
                Some("no-web") => web = false,
                Some(option) => match option.split_once('=') {
                    Some(("plural", text)) => plural = Some(text),
                    _ => mistakes.push(format!("unknown option: {word}")),
                },
                None => positional.push(*word),
            }
        }
        let Some((name, texts)) = positional.split_first() else {
            mistakes.push("the name of the resource is missing".to_owned());
            return Err(mistakes.join("\n"));
        };
        let names = Names::new(name, plural);
        mistakes.extend(check_resource_name(&names, &exists));
        let fields: Vec<Field> = texts
            .iter()
            .filter_map(|text| {
                Field::parse(text, &names, &exists)
                    .map_err(|why| mistakes.push(format!("{text}: {why}")))
                    .ok()
            })
            .collect();
        mistakes.extend(check_fields(&fields));
        let has_own_field = fields.iter().any(|field| !matches!(field.ty, Type::Reference(_)));
        if mistakes.is_empty() && !has_own_field {
            mistakes
                .push("a resource needs at least one field that is not a reference, such as name:string".to_owned());
        }
        if mistakes.is_empty() {
            Ok(Self { names, fields, web })
        } else {
            Err(mistakes.join("\n"))
        }
    }

    /// Returns the words that describe this resource, for the header of a generated file.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = vec![self.names.singular.clone()];
        if self.names.plural != Names::new(&self.names.singular, None).plural {
            words.push(format!("--plural={}", self.names.plural));
        }
        if !self.web {
            words.push("--no-web".to_owned());
        }
        words.extend(self.fields.iter().map(Field::text));
        words
    }

    /// Returns the resources that this one refers to.
    pub(crate) fn referenced(&self) -> impl Iterator<Item = &Names> {
        self.fields.iter().filter_map(|field| match &field.ty {
            Type::Reference(names) => Some(names),
            _ => None,
        })
    }
}

impl Field {
    fn parse(text: &str, resource: &Names, exists: impl Fn(&str) -> Option<Names>) -> Outcome<Self> {
        // The `?` may also stand at the end.
        let (text, optional_at_end) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
        let mut parts = text.split(':');
        let (name, ty) = (parts.next().unwrap_or_default(), parts.next());
        let Some(ty) = ty.filter(|ty| !ty.is_empty()) else {
            return Err(format!("the type is missing; use {name}:TYPE, where TYPE is {TYPES}"));
        };
        if !is_identifier(name) {
            return Err(
                "the name of a field has lower-case letters, digits and single _, at most 40, with a letter first and no _ at the end"
                    .to_owned(),
            );
        }
        if RESERVED.contains(&name) {
            return Err(format!("`{name}` is reserved; choose another name"));
        }
        let (ty, optional) = match ty.strip_suffix('?') {
            Some(_) if optional_at_end => return Err("`?` is repeated".to_owned()),
            Some(ty) => (ty, true),
            None => (ty, optional_at_end),
        };
        let ty = Type::parse(ty, resource, exists)?;
        let (mut unique, mut index) = (false, false);
        for modifier in parts {
            match modifier {
                "unique" if !unique => unique = true,
                "index" if !index => index = true,
                "unique" | "index" => return Err(format!("`{modifier}` is repeated")),
                other => {
                    return Err(format!(
                        "unknown modifier `{other}`; use `unique` or `index`, and `?` after the type for an optional field"
                    ));
                }
            }
        }
        if matches!(ty, Type::Text | Type::Json | Type::Bool | Type::Enum(_)) && unique {
            return Err(format!("a field of type {} cannot be unique", ty.text()));
        }
        if matches!(ty, Type::Text | Type::Json) && index {
            return Err(format!("a field of type {} cannot be indexed", ty.text()));
        }
        if matches!(ty, Type::Reference(_)) && (unique || index) {
            return Err("a reference is always indexed, and cannot be unique".to_owned());
        }
        if unique && index {
            return Err("a unique field is indexed already".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            ty,
            optional,
            unique,
            index,
        })
    }

    /// Returns the name in every layer: the name on the command line, with `_id` for a reference.
    pub(crate) fn member(&self) -> String {
        match self.ty {
            Type::Reference(_) => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}:{}", self.name, self.ty.text());
        if self.optional {
            text.push('?');
        }
        if self.unique {
            text.push_str(":unique");
        }
        if self.index {
            text.push_str(":index");
        }
        text
    }
}

impl Type {
    fn parse(text: &str, resource: &Names, exists: impl Fn(&str) -> Option<Names>) -> Outcome<Self> {
        Ok(match text {
            "string" => Self::String,
            "text" => Self::Text,
            "int" => Self::Int,
            "bigint" => Self::BigInt,
            "decimal" => Self::Decimal,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "uuid" => Self::Uuid,
            "json" => Self::Json,
            "enum" => return Err("an enum lists its values: enum(draft,active)".to_owned()),
            _ => match text.strip_prefix("enum(") {
                Some(values) => Self::Enum(parse_values(values)?),
                None if text == resource.singular => {
                    return Err("a resource cannot refer to itself".to_owned());
                }
                None => match exists(text) {
                    Some(names) => Self::Reference(names),
                    None => {
                        return Err(format!(
                            "`{text}` is neither a type nor a resource of this project; use {TYPES}"
                        ));
                    }
                },
            },
        })
    }

    fn text(&self) -> String {
        match self {
            Self::String => "string".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Int => "int".to_owned(),
            Self::BigInt => "bigint".to_owned(),
            Self::Decimal => "decimal".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Date => "date".to_owned(),
            Self::DateTime => "datetime".to_owned(),
            Self::Uuid => "uuid".to_owned(),
            Self::Json => "json".to_owned(),
            Self::Enum(values) => format!("enum({})", values.join(",")),
            Self::Reference(names) => names.singular.clone(),
        }
    }
}

fn parse_values(text: &str) -> Outcome<Vec<String>> {
    let Some(values) = text.strip_suffix(')') else {
        return Err("the closing parenthesis of the enum is missing; quote the field for your shell: 'state:enum(draft,active)'".to_owned());
    };
    let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
    for (at, value) in values.iter().enumerate() {
        if !is_identifier(value) || matches!(value.as_str(), "other" | "self") {
            return Err(format!(
                "`{value}` cannot be a value of an enum; use lower-case letters, digits and _"
            ));
        }
        if values[..at].iter().any(|other| pascal(other) == pascal(value)) {
            return Err(format!("the value `{value}` is repeated"));
        }
    }
    Ok(values)
}

fn check_resource_name(names: &Names, exists: impl Fn(&str) -> Option<Names>) -> Vec<String> {
    let both = [&names.singular, &names.plural];
    if let Some(name) = both.into_iter().find(|name| !is_identifier(name)) {
        return vec![format!(
            "`{name}` cannot be the name of a resource; use lower-case letters, digits and _, at most 40, such as invoice_item"
        )];
    }
    let mut mistakes = Vec::new();
    if names.plural == names.singular {
        mistakes.push(format!(
            "the plural of `{}` must differ; give it with --plural=NAME",
            names.singular
        ));
    }
    let is_taken = |name: &str| {
        RESERVED.contains(&name)
            || JAVASCRIPT.contains(&name)
            || TAKEN.contains(&name)
            || TAKEN.iter().any(|taken| Names::new(taken, None).plural == name)
    };
    if let Some(name) = both.into_iter().find(|name| is_taken(name)) {
        mistakes.push(format!(
            "`{name}` is a name that the project uses itself; choose another one"
        ));
    } else if exists(&names.singular).is_some() {
        mistakes.push(format!("the project has a resource `{}` already", names.singular));
    }
    mistakes
}

/// Checks that the fields have distinct names in every language.
fn check_fields(fields: &[Field]) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let is_same = |other: &Field| {
            pascal(&other.member()) == pascal(&field.member()) || pascal(&other.name) == pascal(&field.name)
        };
        if fields[..at].iter().any(is_same) {
            mistakes.push(format!("the field `{}` is repeated", field.name));
        }
    }
    if fields.len() > MAX_FIELDS {
        mistakes.push(format!("a resource has at most {MAX_FIELDS} fields"));
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Outcome<Spec> {
        let words: Vec<&str> = words.split(' ').collect();
        let exists = |name: &str| {
            ["user", "role", "project"]
                .contains(&name)
                .then(|| Names::new(name, None))
        };
        Spec::parse(&words, exists)
    }

    #[test]
    fn every_type_is_parsed_and_written_again() {
        let text = "task name:string:unique notes:text? count:int:index views:bigint? price:decimal done:bool due_on:date? \
                    at:datetime key:uuid:unique data:json? state:enum(draft,active):index project:project lead:user? team:role?";
        let spec = parse(text).expect("valid");
        assert_eq!(spec.words().join(" "), text);
        assert_eq!(spec.fields.len(), 14);
        let members: Vec<_> = spec.fields[11..].iter().map(Field::member).collect();
        assert_eq!(members, ["project_id", "lead_id", "team_id"]);
    }

    #[test]
    fn options_are_parsed_and_written_again() {
        let spec = parse("person name:string --plural=people --no-web").expect("valid");
        assert_eq!((spec.names.plural.as_str(), spec.web), ("people", false));
        assert_eq!(spec.words().join(" "), "person --plural=people --no-web name:string");
    }

    #[test]
    fn every_mistake_is_reported() {
        let why =
            parse("project name name:strin 2x:int type:string a:string:unqiue b:json:unique c:enum() d:task --webless")
                .expect_err("mistakes");
        for part in [
            "has a resource `project` already",
            "name: the type is missing",
            "`strin` is neither a type nor a resource",
            "2x:int: the name of a field",
            "`type` is reserved",
            "unknown modifier `unqiue`",
            "a field of type json cannot be unique",
            "`` cannot be a value of an enum",
            "`task` is neither",
            "unknown option: --webless",
        ] {
            assert!(why.contains(part), "{part} is missing in:\n{why}");
        }
    }

    #[test]
    fn misleading_names_are_rejected() {
        for words in [
            "user name:string",
            "users name:string",
            "class name:string",
            "section name:string",
            "Project2 name:string",
            "a-b name:string",
            "sheep name:string --plural=sheep",
            "task",
            "task owner:user",
            "task a:string a:int",
            "task owner:user owner_id:uuid",
            "task task:task name:string",
            "task state:enum(a,a)",
            "task name:string?:unique?",
            "task a1:int a_1:int",
            "task db_:string",
            "task state:enum(self_)",
        ] {
            assert!(parse(words).is_err(), "{words}");
        }
    }
}
