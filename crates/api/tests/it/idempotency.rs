//! Idempotency keys.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::{
    Id, IdempotencyKey, User,
    idempotency::{self, Start},
};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::support::{PASSWORD, current_user_id};

on_each_database!(
    repeated_request_replays_the_response_for_a_day,
    key_reused_for_a_different_request_is_rejected,
    key_is_scoped_to_user_and_route,
    concurrent_requests_with_one_key_run_once,
    request_in_progress_conflicts,
    failed_request_is_not_stored,
    malformed_key_is_rejected,
    stored_response_is_deleted_with_its_user,
);

async fn send(client: &Client, path: &str, key: &str, body: &Value) -> Response {
    client.post(path).header("idempotency-key", key).json(body).send().await
}

fn ada() -> Value {
    json!({ "email": "ada@example.com", "password": PASSWORD })
}

fn assert_replayed(first: &Response, second: &Response) {
    assert_eq!((first.status, &first.text), (201, &second.text), "{}", second.text);
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(first.header(name), second.header(name));
        assert!(first.header(name).is_some(), "{name}");
    }
}

async fn repeated_request_replays_the_response_for_a_day(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let first = send(&admin, "/api/users", "\"a\"", &ada()).await;
    let path = first.header("location").expect("a path").to_owned();
    // The replay is the original response, not the current state.
    let change = admin.patch(&path).json(&json!({ "display_name": "Ada" }));
    assert_eq!(change.send().await.status, 200);
    let before = server.hasher.hashes();
    assert_replayed(&first, &send(&admin, "/api/users", "\"a\"", &ada()).await);
    assert_eq!(server.hasher.hashes(), before);
    let role = json!({ "name": "clerk", "permissions": ["users:read"] });
    let created = send(&admin, "/api/roles", "\"a\"", &role).await;
    assert_replayed(&created, &send(&admin, "/api/roles", "\"a\"", &role).await);

    server.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    let admin = server.client().sign_in("admin@example.com").await;
    let again = send(&admin, "/api/users", "\"a\"", &ada()).await;
    assert_eq!(again.problem(), (400, "email_taken".to_owned()));
    assert_eq!(
        idempotency::purge(&server.app).await.expect("purged"),
        1,
        "the failed request was abandoned"
    );
}

async fn key_reused_for_a_different_request_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    assert_eq!(send(&admin, "/api/users", "\"a\"", &ada()).await.status, 201);
    let mut other = ada();
    other["password"] = json!("different horse battery");
    for body in [other, json!({ "email": "grace@example.com", "password": PASSWORD })] {
        let rejected = send(&admin, "/api/users", "\"a\"", &body).await;
        assert_eq!(rejected.problem(), (422, "idempotency_key_reused".to_owned()));
    }
}

async fn key_is_scoped_to_user_and_route(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let other = server.signed_in("other@example.com", &["admin"]).await;
    let role = json!({ "name": "clerk" });
    assert_eq!(send(&admin, "/api/users", "\"a\"", &ada()).await.status, 201);
    assert_eq!(send(&admin, "/api/roles", "\"a\"", &role).await.status, 201);
    let taken = send(&other, "/api/roles", "\"a\"", &role).await;
    assert_eq!(taken.problem(), (409, "role_name_taken".to_owned()));
    // Keys of anonymous requests are ignored.
    let taken = send(&server.client(), "/api/users", "\"a\"", &ada()).await;
    assert_eq!(taken.problem(), (400, "email_taken".to_owned()));
    let grace = json!({ "email": "grace@example.com", "password": PASSWORD });
    assert_eq!(
        send(&server.client(), "/api/users", "nonsense", &grace).await.status,
        201
    );
}

async fn concurrent_requests_with_one_key_run_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let body = ada();
    let responses = join_all((0..16).map(|_| send(&admin, "/api/users", "\"a\"", &body))).await;
    let first = responses
        .iter()
        .find(|response| response.status == 201)
        .expect("one request runs");
    for response in &responses {
        match response.status {
            201 => assert_replayed(first, response),
            _ => assert_eq!(response.problem(), (409, "idempotency_key_in_use".to_owned())),
        }
    }
    assert_replayed(first, &send(&admin, "/api/users", "\"a\"", &body).await);
    let users = admin.get("/api/users?q=ada").send().await.json();
    assert_eq!(users.as_array().map(Vec::len), Some(1));
}

async fn request_in_progress_conflicts(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let id: Id<User> = current_user_id(&admin).await.parse().expect("an id");
    // The state that an instance leaves behind if it crashes before it responds.
    let role = json!({ "name": "clerk" });
    let key = IdempotencyKey::parse("a").expect("a key");
    let body = role.to_string();
    let started = idempotency::start(&server.app, id, "POST /api/roles", key, body.as_bytes()).await;
    assert!(matches!(started, Ok(Start::Started(_))));
    let conflict = send(&admin, "/api/roles", "\"a\"", &role).await;
    assert_eq!(conflict.problem(), (409, "idempotency_key_in_use".to_owned()));
    server.clock.advance(TimeDelta::minutes(1));
    assert_eq!(send(&admin, "/api/roles", "\"a\"", &role).await.status, 201);
}

async fn failed_request_is_not_stored(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let role = json!({ "name": "clerk" });
    let created = admin.post("/api/roles").json(&role).send().await;
    let rejected = send(&admin, "/api/roles", "\"a\"", &role).await;
    assert_eq!(rejected.problem().1, "role_name_taken");
    let path = created.header("location").expect("a path");
    assert_eq!(admin.delete(path).send().await.status, 204);
    assert_eq!(send(&admin, "/api/roles", "\"a\"", &role).await.status, 201);
}

async fn malformed_key_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    for key in ["a", "\"\"", &format!("\"{}\"", "a".repeat(256))] {
        let rejected = send(&admin, "/api/roles", key, &json!({ "name": "clerk" })).await;
        assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()), "{key}");
        assert_eq!(rejected.json()["errors"][0]["parameter"], "Idempotency-Key");
    }
}

async fn stored_response_is_deleted_with_its_user(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let first = send(&admin, "/api/users", "\"a\"", &ada()).await;
    let path = first.header("location").expect("a path").to_owned();
    assert_eq!(admin.delete(&path).send().await.status, 204);
    let second = send(&admin, "/api/users", "\"a\"", &ada()).await;
    assert_eq!(second.status, 201);
    assert_ne!(first.text, second.text);
}
