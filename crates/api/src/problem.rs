//! Errors as problem details (RFC 9457).
//!
//! An error reaches the outermost middleware as a value in an empty response. Only that middleware knows the request
//! identifier and the public URL, which the body contains.

mod documentation;
mod domain;

use std::{error::Error, fmt};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{
        StatusCode,
        header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use vestibule_domain::{ProofMethod, RateLimited};
use vestibule_schema::{Code, FieldCode, FieldError, FieldLocation, FieldProblem, Problem};

pub(crate) use documentation::{MEDIA_TYPE, Problems, responses};

/// The result of a handler.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

/// The problem codes of an error, or of the errors of an extractor, for the OpenAPI document.
pub(crate) trait ProblemCodes {
    fn codes() -> Vec<Code>;
}

/// Converts failures to problems with a code, and documents it.
macro_rules! failures {
    ($($failure:path => $code:ident $(.$method:ident($($argument:expr),*))?;)+) => {
        $(
            impl From<$failure> for $crate::problem::ApiError {
                fn from(_: $failure) -> Self {
                    Self::new(::vestibule_schema::Code::$code)$(.$method($($argument),*))?
                }
            }

            impl $crate::problem::ProblemCodes for $failure {
                fn codes() -> Vec<::vestibule_schema::Code> {
                    vec![::vestibule_schema::Code::$code]
                }
            }
        )+
    };
}
pub(crate) use failures;

/// The reason why a request was rejected.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    code: Code,
    detail: Option<String>,
    extensions: Option<Box<Extensions>>,
    errors: Vec<FieldProblem>,
    header: Option<Header>,
}

/// The members of a problem that only some codes have (RFC 9457, section 3.2).
#[derive(Debug, Clone, Default)]
pub(crate) struct Extensions {
    pub(crate) permission: Option<String>,
    pub(crate) reason: Option<&'static str>,
    pub(crate) challenge: Option<String>,
    pub(crate) methods: Option<Vec<ProofMethod>>,
    pub(crate) expires_in: Option<i64>,
    pub(crate) max_age: Option<i64>,
}

/// A response header that belongs to an error.
#[derive(Debug, Clone)]
enum Header {
    Allow(String),
    RetryAfter(u64),
    /// `WWW-Authenticate` for an invalid access token (RFC 6750, section 3.1).
    InvalidToken,
}

impl ApiError {
    pub(crate) fn new(code: Code) -> Self {
        Self {
            code,
            detail: None,
            extensions: None,
            errors: Vec::new(),
            header: None,
        }
    }

    /// Reports that a resource of this kind does not exist.
    pub(crate) fn not_found(kind: &str) -> Self {
        match not_found_code(kind) {
            Code::NotFound => Self::new(Code::NotFound).with_detail(format!("The {kind} does not exist")),
            code => Self::new(code),
        }
    }

    /// Rejects the access token of the request.
    pub(crate) fn invalid_token(code: Code) -> Self {
        let detail = (code == Code::Unauthenticated).then(|| "Invalid authentication credentials".to_owned());
        Self {
            detail,
            header: Some(Header::InvalidToken),
            ..Self::new(code)
        }
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        Self {
            header: Some(Header::Allow(allow.to_owned())),
            ..Self::new(Code::MethodNotAllowed)
        }
    }

    /// Asks the client to retry after these seconds.
    pub(crate) fn unavailable(retry_after: u64) -> Self {
        Self {
            header: Some(Header::RetryAfter(retry_after)),
            ..Self::new(Code::Unavailable)
        }
    }

    /// Asks the client to retry once it has quota again.
    pub(crate) fn rate_limited(error: RateLimited) -> Self {
        let seconds = error.retry_after.num_milliseconds().unsigned_abs().div_ceil(1000);
        Self {
            header: Some(Header::RetryAfter(seconds.clamp(1, 3600))),
            ..Self::new(Code::TooManyRequests)
        }
    }

    /// Reports invalid fields.
    pub(crate) fn invalid(errors: Vec<FieldProblem>) -> Self {
        Self {
            errors,
            ..Self::new(Code::ValidationFailed)
        }
    }

    /// Reports one invalid field.
    pub(crate) fn field(location: FieldLocation, error: FieldError) -> Self {
        Self::invalid(vec![FieldProblem::new(location, error)])
    }

    /// Replaces the detail.
    pub(crate) fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// Replaces the detail, and adds the reason for programs.
    pub(crate) fn with_reason(self, reason: &'static str, detail: impl Into<String>) -> Self {
        self.with_detail(detail).with_extensions(Extensions {
            reason: Some(reason),
            ..Extensions::default()
        })
    }

    /// Adds the members that only this code has.
    pub(crate) fn with_extensions(self, extensions: Extensions) -> Self {
        Self {
            extensions: Some(Box::new(extensions)),
            ..self
        }
    }

    /// Adds the field of the body that caused the error.
    pub(crate) fn with_field(self, pointer: &str, code: FieldCode) -> Self {
        let error = FieldError::new(code, self.detail());
        let problem = FieldProblem::new(FieldLocation::Pointer(pointer.to_owned()), error);
        Self {
            errors: vec![problem],
            ..self
        }
    }

    /// Logs an unexpected error with its causes, and hides them from the client.
    pub(crate) fn internal(error: &dyn Error) -> Self {
        tracing::error!(error = %Chain(error), "request failed");
        Self::new(Code::Internal)
    }

    pub(crate) fn detail(&self) -> &str {
        self.detail.as_deref().unwrap_or(self.code.title())
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Renders the response.
    pub(crate) fn render(&self, request_id: &str, public_url: &str) -> HttpResponse {
        let Extensions {
            permission,
            reason,
            challenge,
            methods,
            expires_in,
            max_age,
        } = self.extensions.as_deref().cloned().unwrap_or_default();
        let methods = methods.map(|methods| methods.into_iter().map(ProofMethod::as_str).collect());
        let problem = Problem {
            problem_type: format!("{public_url}/problems/{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status(),
            detail: self.detail().to_owned(),
            code: self.code,
            request_id: request_id.to_owned(),
            permission,
            reason,
            challenge,
            methods,
            expires_in,
            max_age,
            errors: self.errors.clone(),
        };
        let mut response = HttpResponse::build(self.status());
        self.add_headers(&mut response);
        response
            .content_type(MEDIA_TYPE)
            .body(serde_json::to_vec(&problem).unwrap_or_default())
    }

    fn add_headers(&self, response: &mut HttpResponseBuilder) {
        const CHALLENGE: &str = "Bearer realm=\"vestibule\"";
        match &self.header {
            Some(Header::Allow(methods)) => response.insert_header((ALLOW, methods.as_str())),
            Some(Header::RetryAfter(seconds)) => response.insert_header((RETRY_AFTER, *seconds)),
            Some(Header::InvalidToken) => {
                response.insert_header((WWW_AUTHENTICATE, format!("{CHALLENGE}, error=\"invalid_token\"")))
            }
            None if self.code.status() == 401 => response.insert_header((WWW_AUTHENTICATE, CHALLENGE)),
            None => response,
        };
    }
}

/// Returns the code for a missing resource of a kind: `{kind}_not_found` if there is such a code.
pub(crate) fn not_found_code(kind: &str) -> Code {
    Code::from_name(&format!("{kind}_not_found")).unwrap_or(Code::NotFound)
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail())
    }
}

impl Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status());
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// An error that is displayed on one line with its causes.
struct Chain<'a>(&'a dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
