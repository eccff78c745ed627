//! The OpenAPI document, and access to its operations for other tests.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use crate::support::UNKNOWN_ID;

/// Returns the method, the path and the description of every operation.
pub(crate) fn operations() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let all = paths.into_iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("an item").clone();
        item.into_iter()
            .map(move |(method, operation)| (method, path.clone(), operation))
    });
    all.collect()
}

/// Replaces the parameters of a path with these values, and all others with an id that belongs to nothing.
pub(crate) fn fill_path(path: &str, values: &[(&str, &str)]) -> String {
    let fill = |segment: &str| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        None => segment.to_owned(),
        Some(name) => {
            let value = values.iter().find(|(other, _)| *other == name);
            value.map_or(UNKNOWN_ID, |(_, value)| value).to_owned()
        }
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// Returns the schema of the JSON body of an operation, or `None` if it has no JSON body.
pub(crate) fn json_body(operation: &Value) -> Option<Value> {
    let document: Value = serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON");
    let body = operation["requestBody"]["content"]["application/json"]["schema"].clone();
    let variants = body["oneOf"].as_array().into_iter().flatten();
    let path = std::iter::once(&body)
        .chain(variants)
        .find_map(|schema| schema["$ref"].as_str())?;
    document.pointer(path.strip_prefix('#')?).cloned()
}

/// Returns the example and the field names of the JSON body of an operation, or `None` if it has no JSON body.
pub(crate) fn body_schema(operation: &Value) -> Option<(Value, BTreeSet<String>)> {
    let schema = json_body(operation)?;
    let fields = schema["properties"].as_object()?.keys().cloned().collect();
    let example = schema.get("example").or_else(|| schema["examples"].get(0));
    Some((example?.clone(), fields))
}

#[test]
fn committed_document_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let committed = std::fs::read_to_string(file).expect("docs/openapi.json exists");
    let current = vestibule_api::openapi_json();
    assert!(
        committed.trim_end() == current,
        "docs/openapi.json is out of date; run `cargo xtask openapi`"
    );
}

#[test]
fn every_operation_is_fully_documented() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let operation_name = format!("{method} {path}");
        assert!(
            operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{operation_name} has no summary"
        );
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{operation_name} needs exactly one tag"
        );
        let id = operation["operationId"].as_str().expect("an operation id").to_owned();
        assert!(ids.insert(id.clone()), "duplicate operation id {id}");
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let name = format!("{operation_name} {status}");
            assert!(
                response["description"].as_str().is_some_and(|text| text.len() > 4),
                "{name} has no description"
            );
            if status != "204" && status != "202" {
                for (media_type, content) in response["content"]
                    .as_object()
                    .unwrap_or_else(|| panic!("{name} has no content"))
                {
                    assert!(content["schema"].is_object(), "{name}: {media_type} has no schema");
                }
            }
            if status.starts_with(['4', '5']) && name != "post /api/auth/token 400" {
                let examples = &response["content"]["application/problem+json"]["examples"];
                assert!(
                    examples.as_object().is_some_and(|examples| !examples.is_empty()),
                    "{name} has no example"
                );
            }
        }
    }
}

#[test]
fn every_body_schema_has_an_example() {
    let document: Value = serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON");
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        let is_body = schema["properties"].is_object() && !["FieldProblem"].contains(&name.as_str());
        assert!(
            !is_body || schema.get("example").or(schema.get("examples")).is_some(),
            "{name} has no example"
        );
    }
}

#[test]
fn every_id_in_a_path_has_a_code_for_a_missing_resource() {
    for (method, path, operation) in operations() {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let in_path = parameters.filter(|parameter| parameter["in"] == "path");
        for name in in_path.filter_map(|parameter| parameter["name"].as_str()?.strip_suffix("_id")) {
            let examples = &operation["responses"]["404"]["content"]["application/problem+json"]["examples"];
            let code = format!("{name}_not_found");
            assert!(examples[&code].is_object(), "{method} {path}: declare {code} in codes!");
        }
    }
}

/// Collects every `$ref` in a value.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_reference_resolves() {
    let document: Value = serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON");
    let references = references(&document);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{reference} does not resolve");
    }
}
