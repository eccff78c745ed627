//! The audit log.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_domain::audit;
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{NEW_PASSWORD, PASSWORD, current_user_id, login},
};

on_each_database!(
    every_change_is_in_the_audit_log,
    failed_sign_in_events_are_limited,
    reused_token_is_in_the_audit_log,
    audit_log_is_filtered_and_paginated,
    events_of_a_deleted_user_keep_only_the_id,
    old_events_are_purged,
    rolled_back_change_writes_no_event,
    user_created_event_names_the_creator,
    times_outside_the_calendar_are_rejected,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![Row::manager("listAuditEvents", 200)]
}

async fn events(admin: &Client, query: &str) -> Vec<Value> {
    let response = admin.get(&format!("/api/audit-events?limit=200{query}")).send().await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json().as_array().expect("a list").clone()
}

/// Returns the actions, oldest first.
fn actions(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .rev()
        .map(|event| event["action"].as_str().expect("a name"))
        .collect()
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

fn assert_actors_and_targets(new: &[Value], me: &str, ada: &str, clerk: &str) {
    let event = |action: &str| {
        new.iter()
            .find(|event| event["action"] == action)
            .expect("an event with this action")
            .clone()
    };
    let created = event("user.created");
    let ada = json!({ "kind": "user", "id": ada });
    assert_eq!((&created["actor"], &created["target"]), (&ada, &ada));
    assert_eq!(created["request_id"], "sign-up-1");
    assert_eq!(created["details"], json!({ "roles": ["member"] }));
    let assigned = event("role.assigned");
    assert_eq!(assigned["actor"], json!({ "kind": "user", "id": me }));
    assert_eq!(assigned["target"], ada);
    assert_eq!(assigned["details"], json!({ "given": ["clerk"], "taken": ["member"] }));
    assert_eq!(assigned["ip_address"], "127.0.0.1");
    assert_eq!(event("role.created")["target"], json!({ "kind": "role", "id": clerk }));
    assert_eq!(event("session.started")["actor"], ada);
}

async fn every_change_is_in_the_audit_log(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let before = events(&root, "").await.len();
    let me = current_user_id(&root).await;

    let ada = json!({ "email": "ada@example.com", "password": PASSWORD, "display_name": "Ada" });
    let ada = id(&server
        .client()
        .post("/api/users")
        .header("x-request-id", "sign-up-1")
        .json(&ada)
        .send()
        .await
        .json());
    let path = format!("/api/users/{ada}");
    let client = server.client().sign_in("ada@example.com").await;
    let change = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    assert_eq!(
        client.put("/api/users/me/password").json(&change).send().await.status,
        204
    );
    assert_eq!(
        client
            .patch("/api/users/me")
            .json(&json!({ "display_name": "A" }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(client.post("/api/auth/logout").send().await.status, 204);
    let clerk = json!({ "name": "clerk", "permissions": ["orders:read"] });
    let clerk = id(&root.post("/api/roles").json(&clerk).send().await.json());
    let roles = json!({ "roles": ["clerk"] });
    assert_eq!(root.put(&format!("{path}/roles")).json(&roles).send().await.status, 200);
    let role = format!("/api/roles/{clerk}");
    assert_eq!(
        root.patch(&role)
            .json(&json!({ "permissions": [] }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(root.delete(&role).send().await.status, 204);
    let body = json!({ "status": "disabled", "email": "a@example.com", "email_verified": true });
    assert_eq!(root.patch(&path).json(&body).send().await.status, 200);
    assert_eq!(
        root.patch(&path)
            .json(&json!({ "status": "active" }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(root.delete(&format!("{path}/sessions")).send().await.status, 204);
    assert_eq!(root.delete("/api/users/me/sessions").send().await.status, 204);
    assert_eq!(root.delete(&path).send().await.status, 204);

    let all = events(&root, "").await;
    let expected = [
        "user.created",
        "session.started",
        "password.changed",
        "session.ended",
        "role.created",
        "role.assigned",
        "role.updated",
        "role.deleted",
        "user.disabled",
        "email.changed",
        "user.updated",
        "user.enabled",
        "sessions.revoked",
        "sessions.revoked",
        "user.deleted",
    ];
    let new = &all[..all.len() - before];
    assert_eq!(actions(new), expected);
    assert_actors_and_targets(new, &me, &ada, &clerk);
    let text = json!(all).to_string();
    for secret in ["example.com", "Ada", "staple", "bcrypt"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

async fn failed_sign_in_events_are_limited(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.user("ada@example.com", &["member"]).await;
    for email in ["ada@example.com", "Unknown@Example.com"] {
        for _ in 0..14 {
            assert_eq!(login(&server.client(), email, "wrong").await.status, 401);
        }
    }
    let rejected = events(&root, "&action=session.refused").await;
    assert_eq!(rejected.len(), 22, "ten for each email, and one that counts the rest");
    let (unknown, known) = rejected.split_at(11);
    assert_eq!(known[0]["details"], json!({ "reason": "wrong_password", "count": 4 }));
    assert_eq!(known[10]["details"], json!({ "reason": "wrong_password" }));
    assert_eq!(known[0]["target"], json!({ "kind": "user", "id": ada }));
    assert_eq!(known[0]["actor"], json!({ "kind": "anonymous", "id": null }));
    assert_eq!(
        (&unknown[0]["target"], &unknown[0]["details"]["count"]),
        (&Value::Null, &json!(4))
    );
    let digest = &unknown[0]["details"]["address_digest"];
    assert!(digest.as_str().is_some_and(|digest| digest.len() == 32), "{digest}");
    assert_eq!(&unknown[10]["details"]["address_digest"], digest);

    server.clock.advance(TimeDelta::minutes(11));
    let rejected = login(&server.client(), "ada@example.com", "wrong").await;
    assert_eq!(rejected.status, 401);
    assert_eq!(events(&root, "&action=session.refused").await.len(), 23);
    let ada = server.client().sign_in("ada@example.com").await;
    let change = json!({ "current_password": "wrong", "new_password": NEW_PASSWORD });
    assert_eq!(ada.put("/api/users/me/password").json(&change).send().await.status, 422);
    assert_eq!(events(&root, "&action=password.refused").await.len(), 1);
}

async fn reused_token_is_in_the_audit_log(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let body = json!({ "refresh_token": ada.tokens["refresh_token"] });
    assert_eq!(ada.post("/api/auth/refresh").json(&body).send().await.status, 200);
    server.clock.advance(TimeDelta::seconds(11));
    assert_eq!(ada.post("/api/auth/refresh").json(&body).send().await.status, 401);
    let reuse = events(&root, "&action=session.reuse_detected").await;
    assert_eq!(reuse.len(), 1);
    assert_eq!(reuse[0]["details"]["session"], ada.tokens["session_id"]);
}

async fn audit_log_is_filtered_and_paginated(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.user("ada@example.com", &["member"]).await;
    for _ in 0..5 {
        server.client().sign_in("ada@example.com").await;
    }
    let all = events(&root, "").await;
    let of_ada = events(&root, &format!("&actor={ada}")).await;
    assert_eq!(actions(&of_ada), ["session.started"; 5]);
    let to_ada = events(&root, &format!("&target={ada}")).await;
    assert_eq!(actions(&to_ada), ["user.created"]);
    let middle = of_ada[2]["occurred_at"].as_str().expect("a time");
    assert_eq!(events(&root, &format!("&actor={ada}&from={middle}")).await, of_ada[..3]);
    assert_eq!(events(&root, &format!("&actor={ada}&to={middle}")).await, of_ada[3..]);

    let first = root.get("/api/audit-events?limit=3").send().await;
    assert_eq!(first.header("x-total-count"), Some(all.len().to_string().as_str()));
    assert_eq!(root.all_rows("/api/audit-events?limit=3").await, all);
    for (query, parameter) in [
        ("actor=x", "?actor"),
        ("action=user.unknown", "?action"),
        ("target=1", "?target"),
        ("from=yesterday", "?from"),
        ("to=2026-11-24", "?to"),
        ("limit=0", "?limit"),
        ("cursor=x", "?cursor"),
        ("x=ada", "?x"),
    ] {
        let response = root.get(&format!("/api/audit-events?{query}")).send().await;
        assert_eq!(response.problem(), (422, "validation_failed".to_owned()), "{query}");
        assert_eq!(response.field_error().0, parameter);
    }
}

async fn events_of_a_deleted_user_keep_only_the_id(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let rejected = login(&server.client(), "ada@example.com", "wrong").await;
    assert_eq!(rejected.status, 401);
    let me = current_user_id(&ada).await;
    let body = json!({ "current_password": PASSWORD });
    assert_eq!(ada.post("/api/users/me/delete").json(&body).send().await.status, 204);
    let mut remaining = events(&root, &format!("&actor={me}")).await;
    remaining.extend(events(&root, &format!("&target={me}&action=session.refused")).await);
    assert_eq!(remaining.len(), 3, "{remaining:?}");
    assert!(
        remaining
            .iter()
            .all(|event| event["ip_address"].is_null() && event["user_agent"].is_null()),
        "{remaining:?}"
    );
    let of_root = events(&root, "&action=session.started").await;
    assert!(
        of_root.iter().any(|event| event["ip_address"] == "127.0.0.1"),
        "events of other users keep their addresses"
    );
}

async fn old_events_are_purged(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    server.clock.advance(TimeDelta::days(364));
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let before = events(&root, "").await.len();
    assert_eq!(audit::purge(&server.app).await.expect("purged"), 0);
    server.clock.advance(TimeDelta::days(2));
    let root = server.client().sign_in("root@example.com").await;
    assert_eq!(audit::purge(&server.app).await.expect("purged"), 1);
    assert_eq!(events(&root, "").await.len(), before);
}

async fn rolled_back_change_writes_no_event(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let before = events(&root, "").await.len();
    let me = format!("/api/users/{}", current_user_id(&root).await);
    assert_eq!(root.delete(&me).send().await.status, 409);
    assert_eq!(
        root.patch(&me)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await
            .status,
        409
    );
    let stale = root
        .patch(&me)
        .header("if-match", "\"99\"")
        .json(&json!({ "email_verified": true }));
    assert_eq!(stale.send().await.status, 412);
    assert_eq!(events(&root, "").await.len(), before);
}

async fn user_created_event_names_the_creator(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let anonymous = server.client();
    let stale = server.client().with_access_token("stale");
    for (n, client) in [&root, &member, &anonymous, &stale].into_iter().enumerate() {
        let body = json!({ "email": format!("user{n}@example.com"), "password": PASSWORD });
        let created = id(&client.post("/api/users").json(&body).send().await.json());
        let event = events(&root, &format!("&action=user.created&target={created}")).await;
        let creator = match n {
            0 | 1 => current_user_id(client).await,
            _ => created,
        };
        assert_eq!(event[0]["actor"], json!({ "kind": "user", "id": creator }), "{n}");
    }
}

async fn times_outside_the_calendar_are_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    for time in [
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00%2B01:00",
        "9999-12-31T23:59:59-01:00",
        "%2B10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
    ] {
        for name in ["from", "to"] {
            let response = root.get(&format!("/api/audit-events?{name}={time}")).send().await;
            assert_eq!(
                response.problem(),
                (422, "validation_failed".to_owned()),
                "{name}={time}"
            );
            assert_eq!(response.field_error().0, format!("?{name}"));
        }
    }
    for (query, is_empty) in [
        ("from=0001-01-01T00:00:00Z", false),
        ("to=9999-12-31T23:59:59.999999Z", false),
        ("to=0001-01-01T00:00:00Z", true),
        ("from=9999-12-31T23:59:59Z", true),
    ] {
        assert_eq!(
            events(&root, &format!("&{query}")).await.is_empty(),
            is_empty,
            "{query}"
        );
    }
}
