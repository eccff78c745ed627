//! Error responses in the OpenAPI document.
//!
//! A handler lists the problem codes of an error status in the description of the response. This module replaces these
//! descriptions with responses that have a schema and an example for each code, and adds the codes that every operation
//! of a kind can return.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, Object, OpenApi, Ref, RefOr, Response, ResponseBuilder,
        example::ExampleBuilder,
        header::HeaderBuilder,
        path::{Operation, PathItem},
        request_body::RequestBody,
        schema::Schema,
    },
};
use vestibule_schema::{Code, Problem};

/// Codes that every operation under `/api` can return.
const ALWAYS: &[Code] = &[Code::ValidationFailed, Code::Internal, Code::Unavailable];

/// Codes that every operation with authentication can return.
const SIGNED_IN: &[Code] = &[Code::Unauthenticated, Code::TokenExpired, Code::SessionRevoked];

/// Codes that every operation with a request body can return.
const WITH_BODY: &[Code] = &[Code::RequestTimeout, Code::PayloadTooLarge, Code::UnsupportedMediaType];

/// The tag of operations on the account of the current user, which require no permission.
const OWN_ACCOUNT: &str = "me";

/// Adds the error responses to every operation, and the schema of problems.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components
        .schemas
        .insert(Problem::name().into_owned(), Problem::schema());
    let mut referenced = Vec::new();
    Problem::schemas(&mut referenced);
    components.schemas.extend(referenced);
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            complete_operation(path, operation);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ]
    .into_iter()
    .flatten()
}

/// Replaces the nullable schema of an optional body: the body may be absent, but not `null`.
fn deny_null(body: &mut RefOr<RequestBody>) {
    let RefOr::T(body) = body else { return };
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        let Some(RefOr::T(Schema::OneOf(one_of))) = &content.schema else {
            continue;
        };
        let body_schema = one_of.items.iter().find(|item| matches!(item, RefOr::Ref(_)));
        if let Some(body_schema) = body_schema.cloned() {
            content.schema = Some(body_schema);
        }
    }
}

fn complete_operation(path: &str, operation: &mut Operation) {
    operation.request_body.iter_mut().for_each(deny_null);
    let mut codes: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    let mut add = |code: Code| {
        let with_status = codes.entry(code.status()).or_default();
        if !with_status.contains(&code) {
            with_status.push(code);
        }
    };
    listed_codes(operation).into_iter().for_each(&mut add);
    if path.starts_with("/api/") {
        ALWAYS.iter().copied().for_each(&mut add);
    }
    if operation.security.is_some() {
        SIGNED_IN.iter().copied().for_each(&mut add);
        let tags = operation.tags.as_deref().unwrap_or_default();
        if !tags.iter().any(|tag| tag == OWN_ACCOUNT) {
            add(Code::Forbidden);
        }
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        WITH_BODY.iter().copied().for_each(&mut add);
        if body.content.contains_key("application/json") {
            add(Code::MalformedJson);
        }
    }
    for (status, codes) in codes {
        operation
            .responses
            .responses
            .insert(status.to_string(), RefOr::T(response(status, &codes)));
    }
}

/// Returns the codes that a handler lists in its response descriptions.
fn listed_codes(operation: &Operation) -> Vec<Code> {
    let errors = operation
        .responses
        .responses
        .iter()
        .filter(|(status, _)| status.starts_with(['4', '5']))
        .filter_map(|(_, response)| match response {
            RefOr::T(response) if response.content.is_empty() => Some(&response.description),
            _ => None,
        });
    let find = |name: &str| Code::ALL.iter().copied().find(|code| code.as_str() == name);
    errors.flat_map(|names| names.split(' ').filter_map(find)).collect()
}

fn response(status: u16, codes: &[Code]) -> Response {
    let examples = codes.iter().map(|code| {
        let example = ExampleBuilder::new()
            .summary(code.title())
            .value(Some(example(*code)))
            .build();
        (code.as_str(), example)
    });
    let content = ContentBuilder::new()
        .schema(Some(RefOr::Ref(Ref::from_schema_name(Problem::name()))))
        .examples_from_iter(examples)
        .build();
    let titles: Vec<_> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), code.title()))
        .collect();
    let mut response = ResponseBuilder::new()
        .description(titles.join("; "))
        .content("application/problem+json", content);
    let header = match status {
        401 => Some(("WWW-Authenticate", "The authentication scheme (RFC 6750)")),
        429 | 503 => Some(("Retry-After", "The time until a retry may succeed, in seconds")),
        _ => None,
    };
    if let Some((name, description)) = header {
        let text = Object::with_type(utoipa::openapi::schema::Type::String);
        response = response.header(
            name,
            HeaderBuilder::new()
                .schema(Some(text))
                .description(Some(description))
                .build(),
        );
    }
    response.build()
}

fn example(code: Code) -> serde_json::Value {
    let mut example = json!({
        "type": format!("http://localhost:8000/problems/{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "detail": code.title(),
        "code": code.as_str(),
        "request_id": "01933b1e7c0070008000000000000000"
    });
    let (member, value) = match code {
        Code::Forbidden => ("permission", json!("users:read")),
        Code::EmailTaken => (
            "errors",
            json!([{ "pointer": "/email", "code": "taken", "detail": code.title() }]),
        ),
        Code::RoleNameTaken => (
            "errors",
            json!([{ "pointer": "/name", "code": "taken", "detail": code.title() }]),
        ),
        Code::ValidationFailed => (
            "errors",
            json!([{ "pointer": "/email", "code": "required", "detail": "Is required" }]),
        ),
        _ => return example,
    };
    example[member] = value;
    example
}
