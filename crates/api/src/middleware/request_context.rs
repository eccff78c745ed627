//! The outermost middleware: request identifier, log line, response headers and error bodies.

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
    HttpSettings, Observer, ResponseInfo,
    extract::RequestId,
    head_timeout::{ConnectionState, RequestBody, TimedBody},
    origin::preflight_error,
    problem::ApiError,
};

/// Data about a request that its response needs.
struct RequestContext {
    id: String,
    /// The path as routes match it, with unnecessary percent-encoding decoded.
    path: String,
    is_preflight: bool,
    method: Method,
    settings: Data<HttpSettings>,
    observer: Data<dyn Observer>,
    started: Instant,
}

/// Assigns the request identifier, handles `HEAD` as `GET` without the body, converts errors and panics to problem
/// details, and adds the headers of every response.
pub(crate) async fn request_context(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let settings = request.app_data::<Data<HttpSettings>>().cloned();
    let observer = request.app_data::<Data<dyn Observer>>().cloned();
    let Some((settings, observer)) = settings.zip(observer) else {
        return Err(ApiError::new(Code::Internal).into());
    };
    let context = RequestContext {
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
    let in_flight = connection.map(|connection| connection.begin(body_length(request.headers())));
    let span = tracing::info_span!("request", id = context.id, method = %request.method(), path = context.path);
    // The encoder has already recorded that the method is HEAD, and sends no body.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    request.extensions_mut().insert(RequestId(context.id.clone()));
    let result = AssertUnwindSafe(next.call(request)).catch_unwind();
    async move {
        match result.await {
            Ok(Ok(response)) => {
                let response = context.complete(response.map_into_boxed_body());
                Ok(response.map_body(|_, body| {
                    let timed = TimedBody {
                        body,
                        _in_flight: in_flight,
                    };
                    timed.boxed()
                }))
            }
            // The request is consumed, so the error has to render the whole response.
            Ok(Err(error)) => Err(context.internal_error(&error.to_string())),
            Err(_) => Err(context.internal_error("panic in a handler")),
        }
    }
    .instrument(span)
    .await
}

/// Returns the declared length of a request body.
fn body_length(headers: &HeaderMap) -> RequestBody {
    if headers.contains_key(TRANSFER_ENCODING) {
        return RequestBody::Chunked;
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    RequestBody::Sized(length.and_then(|length| length.trim().parse().ok()).unwrap_or(0))
}

impl RequestContext {
    fn complete(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let mut response = match self.error_in(&response) {
            Some(error) => self.replace_body(response, &error),
            None => response,
        };
        let route = response.request().match_pattern();
        self.finish(response.response_mut(), route.as_deref());
        response
    }

    /// Returns the error of a response: an [`ApiError`], or a substitute for an error that a library responded with.
    fn error_in(&self, response: &ServiceResponse<BoxBody>) -> Option<ApiError> {
        let status = response.status();
        if let Some(error) = response.response().extensions().get::<ApiError>() {
            return Some(error.clone());
        }
        let is_json = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
        if is_json || !(status.is_client_error() || status.is_server_error()) {
            return None;
        }
        if self.is_preflight {
            return Some(preflight_error(response.request(), &self.settings).into());
        }
        Some(ApiError::new(match status {
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

    fn internal_error(self, reason: &str) -> Error {
        tracing::error!(reason, "request failed");
        InternalError(Rc::new(self)).into()
    }

    /// Adds the headers, logs the response and notifies the observer.
    fn finish(&self, response: &mut HttpResponse<BoxBody>, route: Option<&str>) {
        add_headers(response.headers_mut(), &self.id, &self.path, &self.settings);
        let info = ResponseInfo {
            method: self.method.as_str(),
            route,
            status: response.status().as_u16(),
            duration: self.started.elapsed(),
        };
        let micros = u64::try_from(info.duration.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(status = info.status, micros, "response sent");
        self.observer.on_response(&info);
    }
}

/// An internal error that renders itself.
struct InternalError(Rc<RequestContext>);

impl fmt::Debug for InternalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for InternalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Code::Internal.title())
    }
}

impl ResponseError for InternalError {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn error_response(&self) -> HttpResponse {
        let Self(context) = self;
        let mut response = ApiError::new(Code::Internal).render(&context.id, &context.settings.public_url);
        context.finish(&mut response, None);
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

    /// Records the status of the last response.
    #[derive(Default)]
    struct LastStatus(AtomicU16);

    impl Observer for LastStatus {
        fn on_response(&self, response: &ResponseInfo<'_>) {
            self.0.store(response.status, SeqCst);
        }
    }

    async fn panics() -> HttpResponse {
        panic!("a message that clients never see")
    }

    #[actix_web::test]
    async fn panic_returns_problem_and_next_request_succeeds() {
        let settings = HttpSettings {
            public_url: "https://example.com".to_owned(),
            cors_origins: Vec::new(),
            jwks: String::new(),
            hsts: Some("max-age=31536000".to_owned()),
            trusted_proxies: Vec::new(),
            mail: false,
            docs: false,
        };
        let last = Arc::new(LastStatus::default());
        let observer: Arc<dyn Observer> = Arc::<LastStatus>::clone(&last);
        let app = App::new()
            .app_data(Data::new(settings))
            .app_data(Data::from(observer))
            .route("/panics", web::get().to(panics))
            .route("/works", web::get().to(HttpResponse::NoContent))
            .wrap(from_fn(request_context));
        let app = init_service(app).await;
        for _ in 0..3 {
            let request = TestRequest::get().uri("/panics").to_request();
            let error = actix_web::dev::Service::call(&app, request).await.expect_err("a panic");
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
            assert!(!problem.to_string().contains("never see"));
            assert_eq!(last.0.load(SeqCst), 500);
            let works = call_service(&app, TestRequest::get().uri("/works").to_request()).await;
            assert_eq!(works.status(), 204);
        }
        let missing = call_service(&app, TestRequest::get().uri("/missing").to_request()).await;
        let problem: Value = read_body_json(missing).await;
        assert_eq!(problem["code"], "not_found");
    }
}
