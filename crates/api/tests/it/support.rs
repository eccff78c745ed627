//! Requests, assertions and rows that several tests share.

use serde_json::{Value, json};
use vestibule_domain::{EmailKind, Policy};
use vestibule_testing::{Client, Engine, Request, Response, TestServer};

/// The password of every user that [`TestServer::user`] creates.
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const NEW_PASSWORD: &str = "staple remembered";
pub(crate) const WRONG_PASSWORD: &str = "wrong donkey accumulator";

/// Plain bcrypt of [`PASSWORD`], as passlib writes it.
pub(crate) const PLAIN_BCRYPT: &str = "$2b$04$0AhKZz/Twc91zpTffirPdeF1RDrWouqjNOl4ZA1dxuioIdTB4BJuy";

/// An origin that the configuration of the tests allows.
pub(crate) const ORIGIN: &str = "http://localhost:5173";

/// A well-formed id that belongs to nothing.
pub(crate) const UNKNOWN_ID: &str = "01933b1e-7c00-7000-8000-000000000000";

pub(crate) const fn is_sqlite(engine: Engine) -> bool {
    matches!(engine, Engine::SqliteMemory | Engine::SqliteFile)
}

/// Starts a server on which users sign in only after they verified their email.
pub(crate) async fn server_requiring_verified_email(engine: Engine) -> TestServer {
    let policy = Policy {
        require_verified_email: true,
        ..Policy::default()
    };
    TestServer::with_policy(engine, policy).await
}

/// Creates an administrator, signs in and empties the outbox.
pub(crate) async fn sign_in_as_root(server: &TestServer) -> Client {
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.deliver_emails().await;
    root
}

pub(crate) async fn post(client: &Client, path: &str, body: Value) -> Response {
    client.post(path).json(&body).send().await
}

pub(crate) async fn sign_up(server: &TestServer, email: &str) -> Response {
    let body = json!({ "email": email, "password": PASSWORD });
    post(&server.client(), "/api/users", body).await
}

pub(crate) async fn login(client: &Client, email: &str, password: &str) -> Response {
    let body = json!({ "email": email, "password": password });
    post(client, "/api/auth/login", body).await
}

/// Attempts to sign in from an address and with a user agent. The tests trust the forwarding header of their peer.
pub(crate) async fn login_from(server: &TestServer, email: &str, password: &str, from: &str, agent: &str) -> Response {
    let body = json!({ "email": email, "password": password });
    let request = server.client().post("/api/auth/login");
    let request = request.header("x-forwarded-for", from).header("user-agent", agent);
    request.json(&body).send().await
}

/// Attempts to sign in with a wrong password and returns the status.
pub(crate) async fn wrong_login_from(server: &TestServer, email: &str, from: &str) -> u16 {
    login_from(server, email, WRONG_PASSWORD, from, "attacker").await.status
}

/// Returns the seconds after which a rate-limited client may try again.
pub(crate) fn retry_after(response: &Response) -> i64 {
    assert_eq!(response.problem(), (429, "too_many_requests".to_owned()));
    response
        .header("retry-after")
        .and_then(|text| text.parse().ok())
        .expect("seconds")
}

pub(crate) async fn forgot_password(server: &TestServer, email: &str) -> Response {
    post(&server.client(), "/api/auth/forgot-password", json!({ "email": email })).await
}

/// Requests a password reset and returns the token of the emailed link.
pub(crate) async fn reset_link(server: &TestServer, email: &str) -> String {
    let response = forgot_password(server, email).await;
    assert_eq!((response.status, response.text.as_str()), (202, ""));
    server.link(EmailKind::ResetPassword).await
}

pub(crate) async fn reset_password(server: &TestServer, token: &str, password: &str) -> Response {
    let body = json!({ "token": token, "new_password": password });
    post(&server.client(), "/api/auth/reset-password", body).await
}

pub(crate) fn assert_invalid_token(response: &Response) {
    assert_eq!(
        response.problem(),
        (400, "invalid_token".to_owned()),
        "{}",
        response.text
    );
}

/// Adds the headers with which the web app sends requests that use its cookie.
pub(crate) fn from_web_app(request: Request) -> Request {
    request.header("origin", ORIGIN).header("x-requested-with", "fetch")
}

pub(crate) async fn current_user(client: &Client) -> Value {
    client.get("/api/users/me").send().await.json()
}

pub(crate) async fn current_user_id(client: &Client) -> String {
    current_user(client).await["id"].as_str().expect("an id").to_owned()
}

pub(crate) async fn is_email_verified(client: &Client) -> bool {
    current_user(client).await["email_verified"] == true
}

/// Returns the id of the session that a client has signed in to.
pub(crate) fn session_id(client: &Client) -> &str {
    client.tokens["session_id"].as_str().expect("an id")
}

/// Returns whether the session of a client is live; panics on any response other than a revoked session.
pub(crate) async fn is_live(client: &Client) -> bool {
    let response = client.get("/api/users/me").send().await;
    assert!(
        response.status == 200 || response.problem() == (401, "session_revoked".to_owned()),
        "{}",
        response.text
    );
    response.status == 200
}
