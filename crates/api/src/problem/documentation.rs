//! The documentation of problems as responses in the OpenAPI document.

use std::{collections::BTreeMap, marker::PhantomData};

use serde_json::json;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        ContentBuilder, Object, Ref, RefOr, Response, ResponseBuilder, example::ExampleBuilder, header::HeaderBuilder,
    },
};
use vestibule_schema::{Code, Problem};

use super::ProblemCodes;

/// The media type of problems.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// The error responses of an operation: those of the error type or extractor `E`, or of a tuple of them. An operation
/// with those of `Auth` also requires authentication.
pub(crate) struct Problems<E>(PhantomData<E>);

impl<E: ProblemCodes> IntoResponses for Problems<E> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&E::codes())
    }
}

impl<A: ProblemCodes, B: ProblemCodes> ProblemCodes for (A, B) {
    fn codes() -> Vec<Code> {
        [A::codes(), B::codes()].concat()
    }
}

impl<A: ProblemCodes, B: ProblemCodes, C: ProblemCodes> ProblemCodes for (A, B, C) {
    fn codes() -> Vec<Code> {
        [A::codes(), B::codes(), C::codes()].concat()
    }
}

/// Returns one response for each status.
pub(crate) fn responses(codes: &[Code]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL.iter().filter(|code| codes.contains(code)) {
        by_status.entry(code.status()).or_default().push(*code);
    }
    by_status
        .into_iter()
        .map(|(status, codes)| (status.to_string(), RefOr::T(response(status, &codes))))
        .collect()
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
        .content(MEDIA_TYPE, content);
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
        Code::RoleNameTaken | Code::Taken => (
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
