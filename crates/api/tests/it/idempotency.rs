//! Requests that are carried out once.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::{
    IdempotencyKey, User,
    idempotency::{self, Start},
};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    the_same_request_gets_the_same_answer_for_a_day,
    a_key_stands_for_one_request,
    a_key_belongs_to_a_user_and_a_path,
    of_many_at_once_one_is_carried_out,
    while_the_first_is_under_way_others_wait,
    what_was_refused_is_not_kept,
    a_key_that_is_none_is_said_to_be_none,
    answers_go_with_whom_they_tell_of,
);

async fn send(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    client.post(path).header("idempotency-key", key).json(body).send().await
}

fn ada() -> Value {
    json!({ "email": "ada@example.com", "password": "correct horse battery" })
}

fn same(first: &Answer, second: &Answer) {
    assert_eq!((first.status, &first.text), (201, &second.text), "{}", second.text);
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(first.header(name), second.header(name));
        assert!(first.header(name).is_some(), "{name}");
    }
}

async fn the_same_request_gets_the_same_answer_for_a_day(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let first = send(&admin, "/api/users", "\"a\"", &ada()).await;
    let path = first.header("location").expect("a path").to_owned();
    // It is what was answered, not what became of it.
    let change = admin.patch(&path).json(&json!({ "display_name": "Ada" }));
    assert_eq!(change.send().await.status, 200);
    let before = server.hasher.hashes();
    same(&first, &send(&admin, "/api/users", "\"a\"", &ada()).await);
    assert_eq!(server.hasher.hashes(), before);
    let role = json!({ "name": "clerk", "permissions": ["users:read"] });
    let made = send(&admin, "/api/roles", "\"a\"", &role).await;
    same(&made, &send(&admin, "/api/roles", "\"a\"", &role).await);

    server.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    let admin = server.client().sign_in("admin@example.com").await;
    let again = send(&admin, "/api/users", "\"a\"", &ada()).await;
    assert_eq!(again.problem(), (400, "email_taken".to_owned()));
    assert_eq!(
        idempotency::purge(&server.app).await.expect("purged"),
        1,
        "the other one was given up"
    );
}

async fn a_key_stands_for_one_request(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    assert_eq!(send(&admin, "/api/users", "\"a\"", &ada()).await.status, 201);
    let mut other = ada();
    other["password"] = json!("another horse battery");
    for body in [
        other,
        json!({ "email": "grace@example.com", "password": "correct horse battery" }),
    ] {
        let refused = send(&admin, "/api/users", "\"a\"", &body).await;
        assert_eq!(refused.problem(), (422, "idempotency_key_reused".to_owned()));
    }
}

async fn a_key_belongs_to_a_user_and_a_path(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let other = server.signed_in("other@example.com", &["admin"]).await;
    let role = json!({ "name": "clerk" });
    assert_eq!(send(&admin, "/api/users", "\"a\"", &ada()).await.status, 201);
    assert_eq!(send(&admin, "/api/roles", "\"a\"", &role).await.status, 201);
    let taken = send(&other, "/api/roles", "\"a\"", &role).await;
    assert_eq!(taken.problem(), (409, "role_name_taken".to_owned()));
    // Nobody who is not signed in has keys.
    let taken = send(&server.client(), "/api/users", "\"a\"", &ada()).await;
    assert_eq!(taken.problem(), (400, "email_taken".to_owned()));
    let grace = json!({ "email": "grace@example.com", "password": "correct horse battery" });
    assert_eq!(
        send(&server.client(), "/api/users", "nonsense", &grace).await.status,
        201
    );
}

async fn of_many_at_once_one_is_carried_out(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let body = ada();
    let answers = join_all((0..16).map(|_| send(&admin, "/api/users", "\"a\"", &body))).await;
    let first = answers
        .iter()
        .find(|answer| answer.status == 201)
        .expect("one is carried out");
    for answer in &answers {
        match answer.status {
            201 => same(first, answer),
            _ => assert_eq!(answer.problem(), (409, "idempotency_key_in_use".to_owned())),
        }
    }
    same(first, &send(&admin, "/api/users", "\"a\"", &body).await);
    let users = admin.get("/api/users?q=ada").send().await.json();
    assert_eq!(users.as_array().map(Vec::len), Some(1));
}

async fn while_the_first_is_under_way_others_wait(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let me = admin.get("/api/users/me").send().await.json();
    let id: vestibule_domain::Id<User> = me["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    // As an instance that dies between the claim and the answer leaves it.
    let role = json!({ "name": "clerk" });
    let key = IdempotencyKey::parse("a").expect("a key");
    let body = role.to_string();
    let begun = idempotency::start(&server.app, id, "POST /api/roles", key, body.as_bytes()).await;
    assert!(matches!(begun, Ok(Start::Started(_))));
    let waiting = send(&admin, "/api/roles", "\"a\"", &role).await;
    assert_eq!(waiting.problem(), (409, "idempotency_key_in_use".to_owned()));
    server.clock.advance(TimeDelta::minutes(1));
    assert_eq!(send(&admin, "/api/roles", "\"a\"", &role).await.status, 201);
}

async fn what_was_refused_is_not_kept(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let role = json!({ "name": "clerk" });
    let made = admin.post("/api/roles").json(&role).send().await;
    let refused = send(&admin, "/api/roles", "\"a\"", &role).await;
    assert_eq!(refused.problem().1, "role_name_taken");
    let path = made.header("location").expect("a path");
    assert_eq!(admin.delete(path).send().await.status, 204);
    assert_eq!(send(&admin, "/api/roles", "\"a\"", &role).await.status, 201);
}

async fn a_key_that_is_none_is_said_to_be_none(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    for key in ["a", "\"\"", &format!("\"{}\"", "a".repeat(256))] {
        let refused = send(&admin, "/api/roles", key, &json!({ "name": "clerk" })).await;
        assert_eq!(refused.problem(), (422, "validation_failed".to_owned()), "{key}");
        assert_eq!(refused.json()["errors"][0]["parameter"], "Idempotency-Key");
    }
}

async fn answers_go_with_whom_they_tell_of(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let first = send(&admin, "/api/users", "\"a\"", &ada()).await;
    let path = first.header("location").expect("a path").to_owned();
    assert_eq!(admin.delete(&path).send().await.status, 204);
    let second = send(&admin, "/api/users", "\"a\"", &ada()).await;
    assert_eq!(second.status, 201);
    assert_ne!(first.text, second.text);
}
