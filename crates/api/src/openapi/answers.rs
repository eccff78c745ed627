//! Errors in the document.
//!
//! A handler names the codes of its errors where a description would stand. Here they become answers
//! with a schema and an example for each code, and those that every operation of a kind can give are
//! added.

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

/// Codes that any operation under `/api` can answer with.
const ALWAYS: &[Code] = &[Code::ValidationFailed, Code::Internal, Code::Unavailable];

/// Codes of operations for callers who are signed in.
const SIGNED_IN: &[Code] = &[Code::Unauthenticated, Code::TokenExpired, Code::SessionRevoked];

/// Codes of operations that read a body.
const WITH_BODY: &[Code] = &[
    Code::MalformedJson,
    Code::RequestTimeout,
    Code::PayloadTooLarge,
    Code::UnsupportedMediaType,
];

/// Completes every operation of the document.
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

/// A body that may be absent is never `null`, which `Option` would allow it to be.
fn deny_null(body: &mut RefOr<RequestBody>) {
    let RefOr::T(body) = body else { return };
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        let Some(RefOr::T(Schema::OneOf(one_of))) = &content.schema else {
            continue;
        };
        let whole = one_of.items.iter().find(|item| matches!(item, RefOr::Ref(_)));
        if let Some(whole) = whole.cloned() {
            content.schema = Some(whole);
        }
    }
}

fn complete_operation(path: &str, operation: &mut Operation) {
    operation.request_body.iter_mut().for_each(deny_null);
    let mut codes: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    let mut add = |code: Code| {
        let same = codes.entry(code.status()).or_default();
        if !same.contains(&code) {
            same.push(code);
        }
    };
    named(operation).into_iter().for_each(&mut add);
    if path.starts_with("/api/") {
        ALWAYS.iter().copied().for_each(&mut add);
    }
    if operation.security.is_some() {
        SIGNED_IN.iter().copied().for_each(&mut add);
        if !path.contains("/me") {
            add(Code::Forbidden);
        }
    }
    if operation.request_body.is_some() {
        // The form endpoint says in the words of OAuth what is wrong with its body.
        let is_form = path == "/api/auth/token";
        WITH_BODY
            .iter()
            .copied()
            .filter(|code| !is_form || *code != Code::MalformedJson)
            .for_each(&mut add);
    }
    for (status, codes) in codes {
        operation
            .responses
            .responses
            .insert(status.to_string(), RefOr::T(response(status, &codes)));
    }
}

/// The codes that a handler named.
fn named(operation: &Operation) -> Vec<Code> {
    let errors = operation
        .responses
        .responses
        .values()
        .filter_map(|response| match response {
            RefOr::T(response) if response.content.is_empty() => Some(&response.description),
            _ => None,
        });
    let known = |name: &str| Code::ALL.iter().copied().find(|code| code.as_str() == name);
    errors.flat_map(|names| names.split(' ').filter_map(known)).collect()
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
        401 => Some(("WWW-Authenticate", "The scheme to sign in with (RFC 6750)")),
        429 | 503 => Some(("Retry-After", "When to try again, in seconds")),
        _ => None,
    };
    if let Some((name, about)) = header {
        let text = Object::with_type(utoipa::openapi::schema::Type::String);
        response = response.header(
            name,
            HeaderBuilder::new().schema(Some(text)).description(Some(about)).build(),
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
