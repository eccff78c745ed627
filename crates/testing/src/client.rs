//! A client of the API.

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

/// A client, signed in or not. Clones are the same client.
#[derive(Clone)]
pub struct Client {
    http: awc::Client,
    instances: Rc<[SocketAddr]>,
    turn: Arc<AtomicUsize>,
    /// The access token, if it is signed in.
    pub access_token: Option<String>,
    /// What signing in gave.
    pub tokens: Value,
}

/// A request that is being put together.
pub struct Request(ClientRequest, Option<Vec<u8>>);

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as text.
    pub text: String,
}

impl Client {
    /// A client that asks these instances in turn, together with others that have the same `turn`.
    pub(crate) fn new(instances: &[SocketAddr], turn: &Arc<AtomicUsize>) -> Self {
        let http = awc::Client::builder().disable_redirects().finish();
        Self {
            http,
            instances: instances.into(),
            turn: Arc::clone(turn),
            access_token: None,
            tokens: Value::Null,
        }
    }

    /// The same client, signed in with the password that all test users have.
    pub async fn sign_in(&self, email: &str) -> Self {
        let answer = self
            .post("/api/auth/login")
            .json(&json!({ "email": email, "password": PASSWORD }))
            .send()
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let tokens = answer.json();
        self.bearing(tokens["access_token"].as_str().expect("a token"))
            .keeping(tokens.clone())
    }

    /// The same client with another access token.
    #[must_use]
    pub fn bearing(&self, access_token: &str) -> Self {
        Self {
            access_token: Some(access_token.to_owned()),
            ..self.clone()
        }
    }

    fn keeping(self, tokens: Value) -> Self {
        Self { tokens, ..self }
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
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let instance = self.instances[turn % self.instances.len()];
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
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.append_header((name, value)), self.1)
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sets any body.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self(self.0.content_type(content_type), Some(body.into()))
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        let sent = match self.1 {
            Some(body) => self.0.send_body(body).await,
            None => self.0.send().await,
        };
        let mut answer = sent.expect("the server answers");
        let body = answer.body().limit(16 * 1024 * 1024).await.expect("a whole body");
        let status: StatusCode = answer.status();
        Answer {
            status: status.as_u16(),
            headers: answer.headers().clone(),
            text: String::from_utf8(body.to_vec()).expect("UTF-8"),
        }
    }
}

impl Answer {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// A header, if there is one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    /// The status and the code of a problem.
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

    /// Where the first field stands that a problem blames, and why.
    #[must_use]
    pub fn blamed(&self) -> (String, String) {
        let problem = self.json();
        let first = &problem["errors"][0];
        let place = first["pointer"].as_str().map(str::to_owned);
        let place = place.or_else(|| first["parameter"].as_str().map(|name| format!("?{name}")));
        let code = first["code"].as_str().unwrap_or_default();
        (place.unwrap_or_default(), code.to_owned())
    }

    /// The path of the next page.
    #[must_use]
    pub fn next_page(&self) -> Option<&str> {
        let link = self.header("link")?;
        link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")
    }
}
