//! The OpenAPI document, and access to its operations for other tests.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};
use vestibule_domain::{AUDIT_TARGET_KINDS, ActorKind, AuditAction, EmailKind, audit_actions};
use vestibule_schema::{Code, grant_type};

use crate::support::UNKNOWN_ID;

/// The operations without authentication, and their reason.
const PUBLIC: &[(&str, &str)] = &[
    ("changePasswordPage", "password managers have no account"),
    ("completeSetup", "the setup token authorizes it"),
    ("confirmEmailChange", "the token of the link authorizes it"),
    ("getJwks", "services verify tokens without an account"),
    ("getLiveness", "probes have no account"),
    ("getPasskeyEndpoints", "password managers have no account"),
    ("getProblemType", "it is documentation"),
    ("getReadiness", "probes have no account"),
    ("getRelatedOrigins", "browsers have no account"),
    ("getServiceInfo", "it is documentation"),
    ("getSettings", "a web app needs them before a user signs in"),
    ("issueToken", "it accepts credentials or a refresh token"),
    ("login", "it accepts credentials"),
    ("proveSecondFactor", "the challenge authorizes it"),
    ("refreshTokens", "it accepts a refresh token or the cookie"),
    ("requestPasskey", "the caller signs in with it"),
    ("requestPasswordReset", "the caller cannot sign in"),
    ("resendVerificationEmail", "the caller may be unable to sign in"),
    ("resetPassword", "the token of the link authorizes it"),
    ("signInWithPasskey", "it accepts a passkey"),
];

/// Returns the document.
fn document() -> Value {
    serde_json::from_str(&vestibule_api::openapi_json()).expect("JSON")
}

/// Returns the method, the path and the description of every operation.
pub(crate) fn operations() -> Vec<(String, String, Value)> {
    let paths = document()["paths"].as_object().expect("paths").clone();
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
    let document = document();
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
            if !["202", "204", "302"].contains(&status.as_str()) {
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
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        let is_body = schema["properties"].is_object();
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
    let document = document();
    let references = references(&document);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{reference} does not resolve");
    }
}

#[test]
fn every_operation_declares_its_security() {
    let mut public = Vec::new();
    for (method, path, operation) in operations() {
        let schemes = operation["security"].as_array();
        let schemes = schemes.unwrap_or_else(|| panic!("{method} {path} has no security"));
        if schemes.is_empty() {
            public.push(operation["operationId"].as_str().expect("an operation id").to_owned());
        }
    }
    public.sort_unstable();
    let expected: Vec<_> = PUBLIC.iter().map(|(id, _)| *id).collect();
    assert_eq!(public, expected);
}

#[test]
fn parameters_are_never_null() {
    let document = document();
    for (method, path, operation) in operations() {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = &parameter["schema"];
            let referenced = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
            let schema = referenced.map_or(schema, |pointer| document.pointer(pointer).expect("a schema"));
            assert!(
                schema["type"].is_string(),
                "{method} {path}: {} has the type {}",
                parameter["name"],
                schema["type"]
            );
        }
    }
}

/// Calls a function with every object in a value.
fn visit_objects(value: &Value, visit: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(members) => {
            visit(value);
            members.values().for_each(|member| visit_objects(member, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| visit_objects(item, visit)),
        _ => {}
    }
}

/// Generated clients mask values with this format when they print them, and some even when they send them.
#[test]
fn no_schema_has_the_format_password() {
    visit_objects(&document(), &mut |object| {
        assert_ne!(object["format"], "password", "{object}");
    });
}

/// An object without members in a composition hides the members of the other parts from some generators, and contradicts
/// parts of other types.
#[test]
fn compositions_have_no_bare_object() {
    visit_objects(&document(), &mut |object| {
        let parts = ["allOf", "anyOf", "oneOf"].map(|keyword| object[keyword].as_array());
        for part in parts.into_iter().flatten().flatten() {
            let is_bare = part["type"] == "object" && part["properties"].is_null();
            assert!(!is_bare, "{object}");
        }
    });
}

#[test]
fn field_problem_has_optional_locations() {
    let schema = &document()["components"]["schemas"]["FieldProblem"];
    for member in ["pointer", "parameter"] {
        assert_eq!(schema["properties"][member]["type"], "string", "{member}");
    }
    assert_eq!(schema["required"], json!(["code", "detail"]));
}

#[test]
fn enumerations_list_every_name() {
    let schemas = &document()["components"]["schemas"];
    let enumeration = |name: &str, expected: Vec<&str>| assert_eq!(schemas[name]["enum"], json!(expected), "{name}");
    enumeration("ProblemCode", Code::ALL.iter().map(|code| code.as_str()).collect());
    enumeration(
        "AuditAction",
        audit_actions().into_iter().map(AuditAction::name).collect(),
    );
    enumeration("ActorKind", ActorKind::ALL.iter().map(|kind| kind.as_str()).collect());
    enumeration("TargetKind", AUDIT_TARGET_KINDS.to_vec());
    enumeration("EmailKind", EmailKind::ALL.iter().map(|kind| kind.as_str()).collect());
    enumeration("GrantType", vec![grant_type::PASSWORD, grant_type::REFRESH_TOKEN]);
    enumeration("TokenType", vec!["bearer"]);
}

/// A newer version may have stored names that this one does not know, which clients must accept.
#[test]
fn stored_names_are_open_sets() {
    let schemas = &document()["components"]["schemas"];
    for (schema, member, names) in [
        ("AuditEvent", "action", "AuditAction"),
        ("EventActor", "kind", "ActorKind"),
        ("EventTarget", "kind", "TargetKind"),
        ("Mail", "kind", "EmailKind"),
    ] {
        let options = &schemas[schema]["properties"][member]["anyOf"];
        assert_eq!(options[0]["$ref"], format!("#/components/schemas/{names}"), "{schema}");
        assert_eq!(options[1]["type"], "string", "{schema}");
    }
}
