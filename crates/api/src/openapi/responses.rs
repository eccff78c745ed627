//! Error responses in the OpenAPI document.
//!
//! A handler documents the errors of its extractors and of its use case by their types, with
//! [`Problems`](crate::problem::Problems). This module adds the codes that follow from the operation: from its
//! path, its parameters and its body.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        OpenApi, RefOr,
        path::{Operation, Parameter, ParameterIn, PathItem},
        request_body::RequestBody,
        schema::{Schema, SchemaType, Type},
        security::SecurityRequirement,
    },
};
use vestibule_schema::{Code, Problem};

use crate::{
    middleware::is_current_user_route,
    problem::{MEDIA_TYPE, not_found_code, responses},
};

/// Codes that every operation under `/api` can return.
const ALWAYS: &[Code] = &[Code::ValidationFailed, Code::Internal, Code::Unavailable];

/// The security schemes, each of which is sufficient.
const SCHEMES: &[&str] = &["password", "bearer"];

/// Codes that every operation with a request body can return.
const WITH_BODY: &[Code] = &[Code::RequestTimeout, Code::PayloadTooLarge, Code::UnsupportedMediaType];

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

/// Removes `null` from the types of an optional parameter: the parameter may be absent, but not `null`.
fn deny_null_parameter(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(parameter) = parameter else { return };
    let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else {
        return;
    };
    if let SchemaType::Array(types) = &schema.schema_type {
        let value_type = types.iter().find(|other| **other != Type::Null).cloned();
        schema.schema_type = value_type.map_or(SchemaType::AnyValue, SchemaType::Type);
    }
}

/// Adds the codes and the security of an operation that follow from the rest of it. An operation without authentication
/// has an empty list of schemes, because a missing list may be an oversight.
fn complete_operation(path: &str, operation: &mut Operation) {
    operation.request_body.iter_mut().for_each(deny_null);
    let parameters = operation.parameters.iter_mut().flatten();
    parameters.for_each(deny_null_parameter);
    let mut codes = documented_codes(operation);
    let schemes: &[&str] = if codes.contains(&Code::Unauthenticated) {
        SCHEMES
    } else {
        &[]
    };
    operation.security.get_or_insert_with(|| {
        let requirements = schemes.iter().map(|scheme| SecurityRequirement::new(*scheme, [""; 0]));
        requirements.collect()
    });
    codes.extend(codes_of_operation(path, operation));
    operation.responses.responses.extend(responses(&codes));
}

/// Returns the codes that an operation documents with [`Problems`](crate::problem::Problems).
fn documented_codes(operation: &Operation) -> Vec<Code> {
    let responses = operation.responses.responses.values();
    let contents = responses.filter_map(|response| match response {
        RefOr::T(response) => response.content.get(MEDIA_TYPE),
        RefOr::Ref(_) => None,
    });
    let names = contents.flat_map(|content| match content {
        RefOr::T(content) => content.examples.keys().collect(),
        RefOr::Ref(_) => Vec::new(),
    });
    names.filter_map(|name| Code::from_name(name)).collect()
}

/// Returns the codes that follow from the path, the parameters and the body of an operation.
fn codes_of_operation(path: &str, operation: &Operation) -> Vec<Code> {
    let mut codes = Vec::new();
    if path.starts_with("/api/") {
        codes.extend(ALWAYS);
    }
    if is_current_user_route(path) {
        codes.push(Code::UserNotFound);
    }
    for parameter in operation.parameters.iter().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        match (&parameter.parameter_in, parameter.name.as_str()) {
            (ParameterIn::Path, name) => codes.push(not_found_code(name.strip_suffix("_id").unwrap_or(name))),
            (ParameterIn::Header, "If-Match") => codes.push(Code::Stale),
            (ParameterIn::Header, "Idempotency-Key") => {
                codes.extend([Code::IdempotencyKeyInUse, Code::IdempotencyKeyReused]);
            }
            _ => {}
        }
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        codes.extend(WITH_BODY);
        if body.content.contains_key("application/json") {
            codes.push(Code::MalformedJson);
        }
    }
    codes
}
