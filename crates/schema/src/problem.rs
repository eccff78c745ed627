//! Problem details (RFC 9457).

use serde::Serialize;
use utoipa::ToSchema;

use crate::{FieldCode, Refusal};

/// What went wrong with a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "http://localhost:8000/problems/email_taken",
    "title": "Email already registered",
    "status": 400,
    "detail": "Email already registered",
    "code": "email_taken",
    "request_id": "01933b1e7c0070008000000000000000",
    "errors": [{ "pointer": "/email", "code": "taken", "detail": "Email already registered" }]
}))]
pub struct Problem {
    /// The address of a page about this code.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub problem_type: String,
    /// The same for each problem with this code.
    pub title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// A sentence for a person.
    pub detail: String,
    /// For programs. It never changes.
    #[schema(value_type = String)]
    pub code: Code,
    /// The identifier under which the log knows the request.
    pub request_id: String,
    /// The permission that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// The fields that are to blame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where it stands.
    #[serde(flatten)]
    #[schema(inline)]
    pub place: Place,
    /// For programs. It never changes.
    pub code: FieldCode,
    /// A sentence for a person.
    pub detail: String,
}

/// Where a field stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A JSON Pointer into the body (RFC 6901).
    Pointer(String),
    /// The name of a parameter of the path or the query.
    Parameter(String),
}

impl FieldProblem {
    /// Blames the field at a place.
    #[must_use]
    pub fn new(place: Place, refusal: Refusal) -> Self {
        let Refusal { code, detail } = refusal;
        // Refusals are written to follow a name; here they stand alone.
        Self {
            place,
            code,
            detail: capitalised(&detail),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Declares the codes with their status and title, so that none lacks either.
macro_rules! codes {
    ($($variant:ident = $name:literal, $status:literal, $title:literal;)+) => {
        /// What went wrong, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum Code {
            $(#[doc = $title] #[serde(rename = $name)] $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The status of an answer with this code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// A line about it.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

codes! {
    MalformedJson = "malformed_json", 400, "The body is not JSON";
    EmailTaken = "email_taken", 400, "Email already registered";
    InvalidToken = "invalid_token", 400, "The token is not valid";
    Unauthenticated = "unauthenticated", 401, "Not authenticated";
    TokenExpired = "token_expired", 401, "The access token has expired";
    SessionRevoked = "session_revoked", 401, "The session has ended";
    InvalidCredentials = "invalid_credentials", 401, "Invalid credentials";
    Forbidden = "forbidden", 403, "Not allowed";
    AccountDisabled = "account_disabled", 403, "The account is disabled";
    EmailNotVerified = "email_not_verified", 403, "The address has to be verified first";
    SignUpClosed = "sign_up_closed", 403, "Sign-up is closed";
    OriginNotAllowed = "origin_not_allowed", 403, "The origin is not allowed";
    UserNotFound = "user_not_found", 404, "User not found";
    RoleNotFound = "role_not_found", 404, "Role not found";
    SessionNotFound = "session_not_found", 404, "Session not found";
    NotFound = "not_found", 404, "Not found";
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    RequestTimeout = "request_timeout", 408, "The request took too long to arrive";
    LastAdmin = "last_admin", 409, "An active administrator must remain";
    BuiltInRole = "built_in_role", 409, "The role is built in";
    RoleNameTaken = "role_name_taken", 409, "Role name already taken";
    IdempotencyKeyInUse = "idempotency_key_in_use", 409, "A request with this Idempotency-Key is under way";
    Gone = "gone", 410, "No longer available";
    Stale = "stale", 412, "Changed in the meantime";
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    UnsupportedMediaType = "unsupported_media_type", 415, "The media type is not supported";
    ValidationFailed = "validation_failed", 422, "The request is not valid";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "The Idempotency-Key stands for another request";
    TooManyRequests = "too_many_requests", 429, "Too many attempts";
    Internal = "internal", 500, "Something went wrong here";
    Unavailable = "unavailable", 503, "Not available now";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_written_by_its_name() {
        for code in Code::ALL {
            assert_eq!(json!(code), json!(code.as_str()));
        }
    }

    #[test]
    fn a_field_stands_in_the_body_or_in_a_parameter() {
        let refusal = Refusal::new(FieldCode::TooShort, "must have at least 8 characters");
        let problem = FieldProblem::new(Place::Pointer("/password".to_owned()), refusal);
        let expected =
            json!({ "pointer": "/password", "code": "too_short", "detail": "Must have at least 8 characters" });
        assert_eq!(json!(problem), expected);
    }
}
