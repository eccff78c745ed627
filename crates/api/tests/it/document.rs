//! The OpenAPI document.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

/// Every operation of the document: method, path and itself.
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

/// The example and the members of the JSON object that an operation takes, if it takes one.
pub(crate) fn schema_of_body(operation: &Value) -> Option<(Value, BTreeSet<String>)> {
    let document: Value = serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON");
    let body = operation["requestBody"]["content"]["application/json"]["schema"].clone();
    let of_one = body["oneOf"].as_array().into_iter().flatten();
    let path = std::iter::once(&body)
        .chain(of_one)
        .find_map(|schema| schema["$ref"].as_str())?;
    let schema = document.pointer(path.strip_prefix('#')?)?;
    let members = schema["properties"].as_object()?.keys().cloned().collect();
    let example = schema.get("example").or_else(|| schema["examples"].get(0));
    Some((example?.clone(), members))
}

#[test]
fn the_committed_document_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let committed = std::fs::read_to_string(file).expect("docs/openapi.json is there");
    let current = vestibule_api::openapi_json();
    assert!(
        committed.trim_end() == current,
        "docs/openapi.json is out of date: `cargo xtask openapi` writes it anew"
    );
}

#[test]
fn every_operation_says_all_that_a_client_needs() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let place = format!("{method} {path}");
        assert!(
            operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{place} has no summary"
        );
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{place}: one tag");
        let id = operation["operationId"].as_str().expect("an operation id").to_owned();
        assert!(ids.insert(id.clone()), "{id} stands there twice");
        for (status, answer) in operation["responses"].as_object().expect("answers") {
            let place = format!("{place} {status}");
            assert!(
                answer["description"].as_str().is_some_and(|text| text.len() > 4),
                "{place} has no description"
            );
            if status != "204" && status != "202" {
                for (media_type, content) in answer["content"]
                    .as_object()
                    .unwrap_or_else(|| panic!("{place}: no content"))
                {
                    assert!(content["schema"].is_object(), "{place}: {media_type} has no schema");
                }
            }
            if status.starts_with(['4', '5']) && place != "post /api/auth/token 400" {
                let examples = &answer["content"]["application/problem+json"]["examples"];
                assert!(
                    examples.as_object().is_some_and(|examples| !examples.is_empty()),
                    "{place} has no example"
                );
            }
        }
    }
}

#[test]
fn every_schema_of_a_body_has_an_example() {
    let document: Value = serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON");
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        let is_whole = schema["properties"].is_object() && !["FieldProblem"].contains(&name.as_str());
        assert!(
            !is_whole || schema.get("example").or(schema.get("examples")).is_some(),
            "{name} has no example"
        );
    }
}

/// Every `$ref` of a value.
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
fn every_reference_leads_somewhere() {
    let document: Value = serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON");
    let references = references(&document);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("in this document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}
