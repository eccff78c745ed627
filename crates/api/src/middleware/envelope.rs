//! The outermost layer: the identifier, the log line, the headers and the body of errors.

use std::{fmt, panic::AssertUnwindSafe, rc::Rc, time::Instant};

use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{ACCESS_CONTROL_REQUEST_METHOD, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt;
use tracing::Instrument;
use vestibule_schema::Code;

use super::{headers::add_headers, request_id::request_id};
use crate::{
    Answered, HttpSettings, Observer,
    extract::RequestId,
    head_timeout::{ConnectionState, RequestBody, TimedBody},
    problem::ApiError,
};

/// What is known of a request from its beginning.
struct Envelope {
    id: String,
    /// As routes see it: with no letter percent-encoded that need not be.
    path: String,
    is_preflight: bool,
    method: Method,
    settings: Data<HttpSettings>,
    observer: Data<dyn Observer>,
    started: Instant,
}

/// Gives each request an identifier, answers `HEAD` as `GET` without the body, turns errors and panics
/// into problem details, and adds the headers of every answer.
pub(crate) async fn envelope(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let settings = request.app_data::<Data<HttpSettings>>().cloned();
    let observer = request.app_data::<Data<dyn Observer>>().cloned();
    let Some((settings, observer)) = settings.zip(observer) else {
        return Err(ApiError::new(Code::Internal).into());
    };
    let envelope = Envelope {
        id: request_id(request.headers()),
        path: request.match_info().as_str().to_owned(),
        is_preflight: request.method() == Method::OPTIONS
            && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD),
        method: request.method().clone(),
        settings,
        observer,
        started: Instant::now(),
    };
    let connection = request.request().conn_data::<Rc<ConnectionState>>().cloned();
    let answering = connection.map(|connection| connection.begin(body_of(request.headers())));
    let span = tracing::info_span!("request", id = envelope.id, method = %request.method(), path = envelope.path);
    // The encoder remembers that it was HEAD, and sends no body.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    request.extensions_mut().insert(RequestId(envelope.id.clone()));
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind();
    async move {
        match answered.await {
            Ok(Ok(response)) => {
                let sealed = envelope.seal(response.map_into_boxed_body());
                Ok(sealed.map_body(|_, body| {
                    let timed = TimedBody {
                        body,
                        _answering: answering,
                    };
                    timed.boxed()
                }))
            }
            // There is no request left to answer through: the error brings its whole answer.
            Ok(Err(error)) => Err(envelope.last_resort(&error.to_string())),
            Err(_) => Err(envelope.last_resort("panic in a handler")),
        }
    }
    .instrument(span)
    .await
}

/// Says how long the body of a request is.
fn body_of(headers: &HeaderMap) -> RequestBody {
    if headers.contains_key(TRANSFER_ENCODING) {
        return RequestBody::Chunked;
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    RequestBody::Sized(length.and_then(|length| length.trim().parse().ok()).unwrap_or(0))
}

impl Envelope {
    fn seal(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let mut response = match self.error_of(&response) {
            Some(error) => self.replace_body(response, &error),
            None => response,
        };
        let route = response.request().match_pattern();
        self.finish(response.response_mut(), route.as_deref());
        response
    }

    /// The error that an answer stands for: one of ours, or one of a library in words of its own.
    fn error_of(&self, response: &ServiceResponse<BoxBody>) -> Option<ApiError> {
        let status = response.status();
        if let Some(error) = response.response().extensions().get::<ApiError>() {
            return Some(error.clone());
        }
        let is_ours = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
        if is_ours || !(status.is_client_error() || status.is_server_error()) {
            return None;
        }
        Some(ApiError::new(match status {
            _ if self.is_preflight => Code::OriginNotAllowed,
            StatusCode::NOT_FOUND => Code::NotFound,
            status if status.is_client_error() => Code::ValidationFailed,
            _ => Code::Internal,
        }))
    }

    fn replace_body(&self, response: ServiceResponse<BoxBody>, error: &ApiError) -> ServiceResponse<BoxBody> {
        let (request, old) = response.into_parts();
        let mut new = error.render(&self.id, &self.settings.public_url);
        for (name, value) in old.headers() {
            if name != CONTENT_TYPE && name != CONTENT_LENGTH {
                new.headers_mut().append(name.clone(), value.clone());
            }
        }
        ServiceResponse::new(request, new)
    }

    fn last_resort(self, reason: &str) -> Error {
        tracing::error!(reason, "request failed");
        LastResort(Rc::new(self)).into()
    }

    /// Adds the headers, writes the line of the log and counts the answer.
    fn finish(&self, response: &mut HttpResponse<BoxBody>, route: Option<&str>) {
        add_headers(response.headers_mut(), &self.id, &self.path, &self.settings);
        let answered = Answered {
            method: self.method.as_str(),
            route,
            status: response.status().as_u16(),
            duration: self.started.elapsed(),
        };
        let micros = u64::try_from(answered.duration.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(status = answered.status, micros, "answered");
        self.observer.answered(&answered);
    }
}

/// An internal error that renders itself.
struct LastResort(Rc<Envelope>);

impl fmt::Debug for LastResort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for LastResort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Code::Internal.title())
    }
}

impl ResponseError for LastResort {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn error_response(&self) -> HttpResponse {
        let Self(envelope) = self;
        let mut response = ApiError::new(Code::Internal).render(&envelope.id, &envelope.settings.public_url);
        envelope.finish(&mut response, None);
        response
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU16, Ordering::SeqCst},
    };

    use actix_web::{
        App,
        middleware::from_fn,
        test::{TestRequest, call_service, init_service, read_body_json},
        web,
    };
    use serde_json::Value;

    use super::*;

    /// Remembers the status of the last answer.
    #[derive(Default)]
    struct Last(AtomicU16);

    impl Observer for Last {
        fn answered(&self, answered: &Answered<'_>) {
            self.0.store(answered.status, SeqCst);
        }
    }

    async fn breaks() -> HttpResponse {
        panic!("of this the client hears nothing")
    }

    #[actix_web::test]
    async fn a_panic_is_an_answer_like_others_and_the_next_request_is_answered() {
        let settings = HttpSettings {
            public_url: "https://example.com".to_owned(),
            cors_origins: Vec::new(),
            jwks: String::new(),
            trusted_proxies: Vec::new(),
            mail: false,
            docs: false,
        };
        let last = Arc::new(Last::default());
        let observer: Arc<dyn Observer> = Arc::<Last>::clone(&last);
        let app = App::new()
            .app_data(Data::new(settings))
            .app_data(Data::from(observer))
            .route("/breaks", web::get().to(breaks))
            .route("/works", web::get().to(HttpResponse::NoContent))
            .wrap(from_fn(envelope));
        let app = init_service(app).await;
        for _ in 0..3 {
            let broken = TestRequest::get().uri("/breaks").to_request();
            let error = actix_web::dev::Service::call(&app, broken).await.expect_err("it broke");
            let response = error.error_response();
            assert_eq!(response.status(), 500);
            for name in [
                "x-request-id",
                "content-security-policy",
                "x-content-type-options",
                "strict-transport-security",
            ] {
                assert!(response.headers().contains_key(name), "{name}");
            }
            let body = actix_web::body::to_bytes(response.into_body()).await;
            let problem: Value = serde_json::from_slice(&body.expect("a body")).expect("JSON");
            assert_eq!(
                (&problem["code"], &problem["status"]),
                (&"internal".into(), &500.into())
            );
            assert!(!problem.to_string().contains("hears nothing"));
            assert_eq!(last.0.load(SeqCst), 500);
            let works = call_service(&app, TestRequest::get().uri("/works").to_request()).await;
            assert_eq!(works.status(), 204);
        }
        let missing = call_service(&app, TestRequest::get().uri("/missing").to_request()).await;
        let problem: Value = read_body_json(missing).await;
        assert_eq!(problem["code"], "not_found");
    }
}
