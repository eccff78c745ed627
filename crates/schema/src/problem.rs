//! Problem details (RFC 9457) and problem codes.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{FieldCode, FieldError, ProofMethodName, name::names_schema};

/// The error response of a request (RFC 9457).
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
    /// The URL of a page about this code.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub problem_type: String,
    /// A short summary, the same for every problem with this code.
    pub title: &'static str,
    /// The HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// An explanation of this occurrence, for people.
    pub detail: String,
    /// The problem code, for programs. Codes never change.
    #[schema(value_type = CodeName)]
    pub code: Code,
    /// The identifier of the request, as in the log.
    pub request_id: String,
    /// The missing permission, with the code `forbidden`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub permission: Option<String>,
    /// The reason in more detail, for programs: `already_verified` with the code `invalid_token`, or a reason of
    /// `origin_not_allowed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<&'static str>,
    /// The challenge to prove a second factor, with the code `second_factor_required` of a sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub challenge: Option<String>,
    /// The methods by which the user can prove who they are, with the codes `second_factor_required` and
    /// `step_up_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Vec<ProofMethodName>>)]
    pub methods: Option<Vec<&'static str>>,
    /// The lifetime of the challenge, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expires_in: Option<i64>,
    /// The time for which a proof of identity suffices, in seconds, with the code `step_up_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max_age: Option<i64>,
    /// The fields that caused the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem>,
}

/// The error of one field, with either `pointer` or `parameter`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "pointer": "/email", "code": "taken", "detail": "Email already registered" }))]
pub struct FieldProblem {
    /// The JSON Pointer of a field of the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pointer: Option<String>,
    /// The name of a parameter of the path, the query or the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parameter: Option<String>,
    /// The error code, for programs. Codes never change.
    pub code: FieldCode,
    /// An explanation, for people.
    pub detail: String,
}

/// The location of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldLocation {
    /// A JSON Pointer into the body (RFC 6901).
    Pointer(String),
    /// The name of a parameter of the path, the query or the header.
    Parameter(String),
}

impl FieldProblem {
    /// Creates the error of a field.
    #[must_use]
    pub fn new(location: FieldLocation, error: FieldError) -> Self {
        let FieldError { code, detail } = error;
        let (pointer, parameter) = match location {
            FieldLocation::Pointer(pointer) => (Some(pointer), None),
            FieldLocation::Parameter(name) => (None, Some(name)),
        };
        // The message of a field error may follow the name of the field; here it stands alone.
        Self {
            pointer,
            parameter,
            code,
            detail: capitalize(&detail),
        }
    }
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Declares each code with its status and title.
macro_rules! codes {
    ($($variant:ident = $name:literal, $status:literal, $title:literal;)+) => {
        /// A problem code, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum Code {
            $(#[doc = $title] #[serde(rename = $name)] $variant,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the name of the code in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Returns the code with this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }

            /// Returns the HTTP status of responses with this code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// Returns the title of the code.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }
        }
    };
}

codes! {
    MalformedJson = "malformed_json", 400, "The request body is not valid JSON";
    EmailTaken = "email_taken", 400, "Email already registered";
    InvalidToken = "invalid_token", 400, "The token is invalid or has expired";
    Unauthenticated = "unauthenticated", 401, "Not authenticated";
    TokenExpired = "token_expired", 401, "The access token has expired";
    SessionRevoked = "session_revoked", 401, "The session is no longer valid";
    InvalidCredentials = "invalid_credentials", 401, "Invalid credentials";
    UnknownPasskey = "unknown_passkey", 401, "No account has this passkey";
    Forbidden = "forbidden", 403, "Permission denied";
    AccountDisabled = "account_disabled", 403, "The account is disabled";
    EmailNotVerified = "email_not_verified", 403, "The email address is not verified";
    SecondFactorRequired = "second_factor_required", 403, "A second factor is required";
    SecondFactorEnrolmentRequired = "second_factor_enrolment_required", 403, "Set up a second factor first";
    StepUpRequired = "step_up_required", 403, "Confirm that it is you";
    SignUpClosed = "sign_up_closed", 403, "Sign-up is by invitation only";
    OriginNotAllowed = "origin_not_allowed", 403, "The origin is not allowed";
    UserNotFound = "user_not_found", 404, "User not found";
    RoleNotFound = "role_not_found", 404, "Role not found";
    SessionNotFound = "session_not_found", 404, "Session not found";
    PasskeyNotFound = "passkey_not_found", 404, "Passkey not found";
    NotFound = "not_found", 404, "Not found";
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    RequestTimeout = "request_timeout", 408, "The request body was not received in time";
    LastAdmin = "last_admin", 409, "At least one active administrator is required";
    LastCredential = "last_credential", 409, "The account would have no way to sign in";
    TotpEnabled = "totp_enabled", 409, "An authenticator app is set up already";
    NoSecondFactor = "no_second_factor", 409, "Set up a second factor first";
    PasskeyRegistered = "passkey_registered", 409, "The passkey is registered already";
    PasskeysUnavailable = "passkeys_unavailable", 409, "Passkeys are not available";
    TooManyPasskeys = "too_many_passkeys", 409, "Too many passkeys";
    BuiltInRole = "built_in_role", 409, "Not allowed for a built-in role";
    RoleNameTaken = "role_name_taken", 409, "Role name already taken";
    Taken = "taken", 409, "The value is already taken";
    InUse = "in_use", 409, "Other resources refer to this one";
    IdempotencyKeyInUse = "idempotency_key_in_use", 409, "A request with this Idempotency-Key is in progress";
    Gone = "gone", 410, "No longer available";
    Stale = "stale", 412, "The resource has been modified";
    PayloadTooLarge = "payload_too_large", 413, "The request body is too large";
    UnsupportedMediaType = "unsupported_media_type", 415, "The media type is not supported";
    ValidationFailed = "validation_failed", 422, "The request is invalid";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "The Idempotency-Key was used for a different request";
    TooManyRequests = "too_many_requests", 429, "Too many attempts";
    Internal = "internal", 500, "Internal server error";
    Unavailable = "unavailable", 503, "Service temporarily unavailable";
}

names_schema!(
    /// A problem code, for programs. Newer versions add codes.
    CodeName as "ProblemCode" = Code::ALL.iter().map(|code| code.as_str())
);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn code_serializes_as_its_name() {
        for code in Code::ALL {
            assert_eq!(json!(code), json!(code.as_str()));
        }
    }

    #[test]
    fn field_problem_serializes_its_location() {
        let error = FieldError::new(FieldCode::TooShort, "must have at least 8 characters");
        let problem = FieldProblem::new(FieldLocation::Pointer("/password".to_owned()), error);
        let expected =
            json!({ "pointer": "/password", "code": "too_short", "detail": "Must have at least 8 characters" });
        assert_eq!(json!(problem), expected);
    }
}
