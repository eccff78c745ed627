//! Rules of HTTP that hold for every request.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use actix_web::http::Method;
use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::support::{ORIGIN, PASSWORD};

on_each_database!(
    invalid_bodies_have_distinct_problems,
    authorization_precedes_validation,
    method_not_allowed_lists_the_allowed_methods,
    head_equals_get_without_the_body,
    trailing_slash_is_accepted,
    request_id_is_echoed_or_generated,
    every_response_has_the_security_headers,
    cors_allows_only_configured_origins,
);

async fn invalid_bodies_have_distinct_problems(engine: Engine) {
    let server = TestServer::start(engine).await;
    let client = server.client();
    let deep = format!("{{\"email\":{}", "[".repeat(50_000));
    let json_bodies: [(&[u8], u16, &str); 12] = [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"{\"email\":NaN}", 400, "malformed_json"),
        (b"{\"email\":\"\\ud800\"}", 400, "malformed_json"),
        (b"{\"email\":\"\xff\"}", 400, "malformed_json"),
        (deep.as_bytes(), 400, "malformed_json"),
        (
            b"[\"ada@example.com\",\"correct horse battery\",null,[]]",
            422,
            "validation_failed",
        ),
        (b"\"x\"", 422, "validation_failed"),
        (
            b"{\"email\":\"a\\u0000@example.com\",\"password\":\"correct horse battery\"}",
            422,
            "validation_failed",
        ),
        (
            b"{\"email\":1,\"password\":\"correct horse battery\"}",
            422,
            "validation_failed",
        ),
        (
            b"{\"email\":\"a@b.cd\",\"email\":\"a@b.cd\",\"password\":\"correct horse battery\"}",
            422,
            "validation_failed",
        ),
        (
            b"{\"email\":\"a@b.cd\",\"passwort\":\"correct horse battery\"}",
            422,
            "validation_failed",
        ),
    ];
    for (body, status, code) in json_bodies {
        let response = client.post("/api/users").body("application/json", body).send().await;
        let excerpt = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(response.problem(), (status, code.to_owned()), "{excerpt}");
    }
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
    ] {
        let response = client.post("/api/users").body(content_type, "{}").send().await;
        assert_eq!(response.problem(), (415, "unsupported_media_type".to_owned()));
    }
    let compressed = client
        .post("/api/users")
        .header("content-encoding", "gzip")
        .body("application/json", "{}");
    assert_eq!(
        compressed.send().await.problem(),
        (415, "unsupported_media_type".to_owned())
    );
    for (path, limit) in [("/api/auth/login", 16 * 1024), ("/api/users", 64 * 1024)] {
        let body = |size: usize| format!("{{\"email\":\"{}\"}}", "a".repeat(size - 12));
        let allowed = client.post(path).body("application/json", body(limit)).send().await;
        assert_eq!(allowed.problem(), (422, "validation_failed".to_owned()), "{path}");
        let large = client.post(path).body("application/json", body(limit + 1)).send().await;
        assert_eq!(large.problem(), (413, "payload_too_large".to_owned()), "{path}");
    }
    assert_eq!(
        client.post("/api/users").send().await.problem(),
        (400, "malformed_json".to_owned())
    );
}

async fn authorization_precedes_validation(engine: Engine) {
    let server = TestServer::start(engine).await;
    let member = server.signed_in("ada@example.com", &["member"]).await;
    for (client, problem) in [
        (server.client(), (401, "unauthenticated".to_owned())),
        (
            server.client().with_access_token("nonsense"),
            (401, "unauthenticated".to_owned()),
        ),
        (member, (403, "forbidden".to_owned())),
    ] {
        for request in [
            client.post("/api/roles").body("text/plain", "x"),
            client.patch("/api/roles/nonsense?x=1").body("application/json", "{"),
            client.patch("/api/users/nonsense").json(&json!([])),
            client.get("/api/users/nonsense"),
            client.get("/api/users?limit=0"),
            client.put("/api/users/nonsense/roles").json(&json!({})),
            client.delete("/api/users/nonsense?x=1"),
        ] {
            assert_eq!(request.send().await.problem(), problem);
        }
        let unknown = client.get("/api/users/me/nothing").send().await;
        assert_eq!(unknown.problem(), (404, "not_found".to_owned()));
    }
}

async fn method_not_allowed_lists_the_allowed_methods(engine: Engine) {
    let server = TestServer::start(engine).await;
    for (method, path, allow) in [
        (Method::PUT, "/api/users", "GET, HEAD, POST"),
        (Method::POST, "/api/users/me", "GET, HEAD, PATCH"),
        (Method::DELETE, "/api/users/me", "GET, HEAD, PATCH"),
        (Method::GET, "/api/users/me/password", "PUT"),
        (Method::GET, "/api/auth/login", "POST"),
        (Method::HEAD, "/api/auth/login/", "POST"),
        (Method::OPTIONS, "/api/roles", "GET, HEAD, POST"),
        (
            Method::TRACE,
            "/api/roles/01933b1e-7c00-7000-8000-000000000000",
            "GET, HEAD, PATCH, DELETE",
        ),
        (Method::POST, "/", "GET, HEAD"),
        (Method::DELETE, "/docs/", "GET, HEAD"),
        (Method::POST, "/openapi.json", "GET, HEAD"),
    ] {
        let response = server.client().request(method, path).send().await;
        assert_eq!(
            (response.status, response.header("allow")),
            (405, Some(allow)),
            "{path}"
        );
    }
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/users/me/x/y",
        "/docs/nothing.js",
        "/health/x",
        "/nothing",
    ] {
        assert_eq!(
            server.client().get(path).send().await.problem(),
            (404, "not_found".to_owned()),
            "{path}"
        );
    }
}

async fn head_equals_get_without_the_body(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let get = ada.get("/api/users/me").send().await;
    let head = ada.request(Method::HEAD, "/api/users/me").send().await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for name in ["etag", "content-type", "content-length", "cache-control"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    let rejected = server.client().request(Method::HEAD, "/api/users/me").send().await;
    assert_eq!((rejected.status, rejected.text.as_str()), (401, ""));
}

async fn trailing_slash_is_accepted(engine: Engine) {
    let server = TestServer::start(engine).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(server.client().post("/api/users/").json(&body).send().await.status, 201);
    let ada = server.client().sign_in("ada@example.com").await;
    let spellings = [
        ada.get("/api/users/me").send().await,
        ada.get("/api/users/me/").send().await,
    ];
    assert_eq!(spellings[0].json(), spellings[1].json());
}

async fn request_id_is_echoed_or_generated(engine: Engine) {
    let server = TestServer::start(engine).await;
    let own = server
        .client()
        .get("/api/users/me")
        .header("x-request-id", "my-Request_1.2")
        .send()
        .await;
    assert_eq!(own.header("x-request-id"), Some("my-Request_1.2"));
    assert_eq!(own.json()["request_id"], "my-Request_1.2");
    assert_eq!(own.json()["type"], "http://localhost:8000/problems/unauthenticated");
    let generated = server
        .client()
        .get("/api/users/me")
        .header("x-request-id", "<script>")
        .send()
        .await;
    assert_eq!(generated.header("x-request-id").map(str::len), Some(32));
    assert_eq!(
        generated.json()["request_id"].as_str(),
        generated.header("x-request-id")
    );
}

async fn every_response_has_the_security_headers(engine: Engine) {
    let server = TestServer::start(engine).await;
    for path in ["/", "/api/users", "/nothing", "/docs/", "/health/live", "/openapi.json"] {
        let response = server.client().get(path).send().await;
        let csp = response.header("content-security-policy").expect("a policy");
        let strict =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
        assert!(csp.starts_with(strict), "{path}: {csp}");
        assert_eq!(csp.contains("data:"), path.starts_with("/docs"));
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(response.header("cross-origin-opener-policy"), Some("same-origin"));
        assert!(response.header("x-request-id").is_some());
        let vary: Vec<_> = response
            .headers
            .get_all("vary")
            .filter_map(|value| value.to_str().ok())
            .collect();
        assert!(vary.join(", ").contains("Origin"), "{path}: {vary:?}");
    }
}

async fn cors_allows_only_configured_origins(engine: Engine) {
    let server = TestServer::start(engine).await;
    let preflight = async |origin: &str, method: &str, headers: &str| {
        let request = server
            .client()
            .request(Method::OPTIONS, "/api/users")
            .header("origin", origin);
        let request = request.header("access-control-request-method", method);
        request.header("access-control-request-headers", headers).send().await
    };
    let allowed = preflight(ORIGIN, "PATCH", "authorization, content-type, if-match").await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(allowed.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(allowed.header("access-control-max-age"), Some("600"));
    // Libraries for tracing add headers, and a local page may have any port.
    for origin in [ORIGIN, "http://localhost:3000", "http://127.0.0.1:8000"] {
        let traced = preflight(origin, "GET", "authorization, traceparent, sentry-trace, baggage").await;
        assert_eq!(
            (traced.status, traced.header("access-control-allow-origin")),
            (200, Some(origin))
        );
        let headers = traced.header("access-control-allow-headers").expect("headers");
        assert!(
            headers.contains("traceparent") && headers.contains("baggage"),
            "{headers}"
        );
    }
    for (origin, method, reason) in [
        ("http://evil.example", "GET", "origin_not_listed"),
        ("null", "GET", "origin_not_listed"),
        (ORIGIN, "TRACE", "method_not_listed"),
    ] {
        let rejected = preflight(origin, method, "authorization").await;
        assert_eq!(rejected.problem(), (403, "origin_not_allowed".to_owned()));
        assert_eq!(rejected.json()["reason"], reason);
    }
    let simple = server.client().get("/api/users").header("origin", ORIGIN).send().await;
    assert_eq!(simple.header("access-control-allow-origin"), Some(ORIGIN));
    assert!(
        simple
            .header("access-control-expose-headers")
            .is_some_and(|names| names.contains("X-Total-Count"))
    );
    let other = server
        .client()
        .get("/api/users")
        .header("origin", "http://evil.example")
        .send()
        .await;
    assert_eq!((other.status, other.header("access-control-allow-origin")), (401, None));
}

/// Requests that no HTTP library sends.
#[actix_web::test]
async fn broken_requests_do_not_block_other_clients() {
    let server = TestServer::start(Engine::SqliteMemory).await;
    let mut idle = TcpStream::connect(server.address()).expect("connected");
    idle.write_all(
        b"POST /api/users HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    )
    .expect("sent");
    assert_eq!(server.client().get("/health/live").send().await.status, 200);
    let mut wrong = TcpStream::connect(server.address()).expect("connected");
    wrong.write_all(b"nonsense\r\n\r\n").expect("sent");
    let mut response = String::new();
    wrong.read_to_string(&mut response).expect("read");
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
}
