//! An HTTP client of the API.

use std::{
    net::SocketAddr,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::http::{Method, StatusCode, header::HeaderMap};
use awc::ClientRequest;
use serde_json::{Value, json};

use crate::server::PASSWORD;

/// A client, which may be signed in.
#[derive(Clone)]
pub struct Client {
    http: awc::Client,
    instances: Rc<[SocketAddr]>,
    request_count: Arc<AtomicUsize>,
    /// The access token, if the client is signed in.
    pub access_token: Option<String>,
    /// The response of the sign-in, or null.
    pub tokens: Value,
}

/// A request with an optional body.
pub struct Request(ClientRequest, Option<Vec<u8>>);

/// A complete response.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Client {
    /// Creates a client that alternates between instances, in step with all clients that share `request_count`.
    pub(crate) fn new(instances: &[SocketAddr], request_count: &Arc<AtomicUsize>) -> Self {
        let http = awc::Client::builder().disable_redirects().finish();
        Self {
            http,
            instances: instances.into(),
            request_count: Arc::clone(request_count),
            access_token: None,
            tokens: Value::Null,
        }
    }

    /// Returns this client signed in, with the password that all test users have.
    pub async fn sign_in(&self, email: &str) -> Self {
        let response = self
            .post("/api/auth/login")
            .json(&json!({ "email": email, "password": PASSWORD }))
            .send()
            .await;
        assert_eq!(response.status, 200, "{}", response.text);
        let tokens = response.json();
        let client = self.with_access_token(tokens["access_token"].as_str().expect("a token"));
        Self { tokens, ..client }
    }

    /// Returns this client with a different access token.
    #[must_use]
    pub fn with_access_token(&self, access_token: &str) -> Self {
        Self {
            access_token: Some(access_token.to_owned()),
            ..self.clone()
        }
    }

    /// Creates a resource and returns its ID.
    pub async fn create(&self, path: &str, body: &Value) -> String {
        let created = self.post(path).json(body).send().await;
        assert_eq!(created.status, 201, "{}", created.text);
        created.json()["id"].as_str().expect("an ID").to_owned()
    }

    /// Creates a user whose email address has this local part, and returns the user's ID.
    pub async fn create_user(&self, local_part: &str) -> String {
        let body = json!({ "email": format!("{local_part}@example.com"), "password": PASSWORD });
        self.create("/api/users", &body).await
    }

    /// Creates a role and returns its ID.
    pub async fn create_role(&self, name: &str) -> String {
        self.create("/api/roles", &json!({ "name": name })).await
    }

    /// Reads all rows of a list, page by page.
    pub async fn all_rows(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(&path).send().await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            rows.extend(page.json().as_array().expect("a list").iter().cloned());
            assert!(rows.len() < 1000, "paging does not end");
            next = page.next_page().map(str::to_owned);
        }
        rows
    }

    /// Reads the IDs of all rows of a list, page by page.
    pub async fn all_ids(&self, path: &str) -> Vec<String> {
        let rows = self.all_rows(path).await;
        rows.iter()
            .map(|row| row["id"].as_str().expect("an ID").to_owned())
            .collect()
    }

    /// Starts a `GET`.
    #[must_use]
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// Starts a `POST`.
    #[must_use]
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// Starts a `PUT`.
    #[must_use]
    pub fn put(&self, path: &str) -> Request {
        self.request(Method::PUT, path)
    }

    /// Starts a `PATCH`.
    #[must_use]
    pub fn patch(&self, path: &str) -> Request {
        self.request(Method::PATCH, path)
    }

    /// Starts a `DELETE`.
    #[must_use]
    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    /// Starts a request with any method.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> Request {
        let number = self.request_count.fetch_add(1, Ordering::Relaxed);
        let instance = self.instances[number % self.instances.len()];
        let request = self.http.request(method, format!("http://{instance}{path}"));
        let request = match &self.access_token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        Request(request.timeout(std::time::Duration::from_mins(1)), None)
    }
}

impl Request {
    /// Adds a header.
    #[must_use]
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        Self(self.0.append_header((name, value.as_ref())), self.1)
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sets a body of any type.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self(self.0.content_type(content_type), Some(body.into()))
    }

    /// Sends the request and reads the response.
    pub async fn send(self) -> Response {
        let result = match self.1 {
            Some(body) => self.0.send_body(body).await,
            None => self.0.send().await,
        };
        let mut response = result.expect("the server responds");
        let body = response.body().limit(16 * 1024 * 1024).await;
        let body = body.expect("a complete body");
        let status: StatusCode = response.status();
        Response {
            status: status.as_u16(),
            headers: response.headers().clone(),
            text: String::from_utf8(body.to_vec()).expect("UTF-8"),
        }
    }
}

impl Response {
    /// Returns the body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// Returns the value of a header, if there is one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    /// Returns the status and the code of a problem.
    #[must_use]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{}",
            self.text
        );
        let problem = self.json();
        assert_eq!(problem["status"], json!(self.status));
        (self.status, problem["code"].as_str().expect("a code").to_owned())
    }

    /// Asserts that the body contains these members with these values.
    pub fn assert_contains(&self, members: &Value) {
        let body = self.json();
        for (name, value) in members.as_object().expect("an object") {
            assert_eq!(&body[name], value, "{name}: {}", self.text);
        }
    }

    /// Asserts that exactly these fields are invalid, each given by its location and code.
    pub fn assert_invalid(&self, fields: &[(&str, &str)]) {
        assert_eq!(self.problem(), (422, "validation_failed".to_owned()), "{}", self.text);
        let mut expected: Vec<_> = fields
            .iter()
            .map(|(location, code)| ((*location).to_owned(), (*code).to_owned()))
            .collect();
        let mut found = self.field_errors();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{}", self.text);
    }

    /// Returns the location and the code of a problem's first field error.
    #[must_use]
    pub fn field_error(&self) -> (String, String) {
        self.field_errors().into_iter().next().unwrap_or_default()
    }

    /// Returns the location and the code of each field error of a problem. The location is a JSON pointer, or `?` and
    /// the name of a parameter.
    #[must_use]
    pub fn field_errors(&self) -> Vec<(String, String)> {
        let problem = self.json();
        let errors = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let pair = |error: &Value| {
            let pointer = error["pointer"].as_str().map(str::to_owned);
            let location = pointer.or_else(|| error["parameter"].as_str().map(|name| format!("?{name}")));
            let code = error["code"].as_str().unwrap_or_default();
            (location.unwrap_or_default(), code.to_owned())
        };
        errors.iter().map(pair).collect()
    }

    /// Returns the path of the next page, if there is one.
    #[must_use]
    pub fn next_page(&self) -> Option<&str> {
        let link = self.header("link")?;
        link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")
    }
}
