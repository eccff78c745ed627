//! Rows that a newer version has written or that are damaged: each affects only its own requests.

use serde_json::{Value, json};
use vestibule_domain::{Actor, EmailKind, Limit, ListEvents, audit, outbox};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::support::{PASSWORD, forgot_password, is_sqlite, login, login_from};

on_each_database!(
    every_read_succeeds_despite_unreadable_rows,
    unreadable_user_fails_only_its_own_requests,
    unknown_status_counts_as_disabled_and_is_preserved,
    unknown_audit_values_are_listed_by_their_stored_names,
    unreadable_rows_do_not_break_pagination,
    email_of_unknown_kind_is_left_for_a_newer_version,
    email_with_unreadable_link_does_not_block_other_emails,
    link_with_unknown_purpose_is_an_invalid_token,
    pending_email_that_does_not_parse_is_shown,
    unreadable_session_is_listed_and_can_be_revoked,
);

/// Statements that write what a newer version might write.
const NEWER: &[&str] = &[
    "UPDATE users SET status = 'suspended' WHERE normalized_email = 'suspended@example.com'",
    "UPDATE users SET version = 99999999999 WHERE normalized_email = 'version@example.com'",
    "UPDATE users SET version = -7 WHERE normalized_email = 'negative@example.com'",
    "UPDATE roles SET version = 99999999999 WHERE name = 'version'",
    "UPDATE audit_events SET action = 'wallet.added', actor_kind = 'service', target_kind = 'wallet', \
     details = '{\"score\":-1.5,\"nested\":{\"a\":[1]},\"flag\":true,\"none\":null,\"names\":[\"a\",2]}' \
     WHERE action = 'user.created'",
    "UPDATE audit_events SET details = '[1]' WHERE action = 'session.started'",
    "UPDATE audit_events SET details = 'not JSON' WHERE action = 'session.refused'",
    "UPDATE sessions SET generation = 99999999999 WHERE user_agent = 'newer'",
    "UPDATE outbox SET kind = 'digest', attempts = 99999999999",
    "UPDATE one_time_tokens SET purpose = 'magic_link'",
];

/// Statements that damage rows. Only SQLite accepts them, because it does not check types.
const DAMAGED: &[&str] = &[
    "UPDATE users SET created_at = 'yesterday' WHERE normalized_email = 'damaged@example.com'",
    "UPDATE roles SET created_at = 'yesterday' WHERE name = 'damaged'",
    "UPDATE audit_events SET occurred_at = 'yesterday' WHERE action = 'role.created'",
    "UPDATE sessions SET created_at = 'yesterday' WHERE user_agent = 'damaged'",
    "UPDATE outbox SET created_at = 'yesterday' WHERE address = 'damaged@example.com'",
];

const USERS: [&str; 5] = [
    "suspended@example.com",
    "version@example.com",
    "negative@example.com",
    "damaged@example.com",
    "ada@example.com",
];

/// Signs in with the given user agent.
async fn sign_in_as(server: &TestServer, email: &str, agent: &str) -> Client {
    let response = login_from(server, email, PASSWORD, "127.0.0.1", agent).await;
    assert_eq!(response.status, 200, "{}", response.text);
    server
        .client()
        .with_access_token(response.json()["access_token"].as_str().expect("a token"))
}

async fn get(client: &Client, path: &str) -> Value {
    let response = client.get(path).send().await;
    assert_eq!(response.status, 200, "{path}: {}", response.text);
    response.json()
}

/// Returns the values of a field in all rows.
fn texts<'a>(rows: &'a [Value], field: &str) -> Vec<&'a str> {
    rows.iter().filter_map(|row| row[field].as_str()).collect()
}

/// Starts a server with users, roles, sessions, events, emails and links, most of which this version cannot read;
/// returns it with an administrator and a member.
async fn server_with_unreadable_rows(engine: Engine) -> (TestServer, Client, Client) {
    let server = TestServer::without_rate_limits(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    for email in USERS {
        server.user(email, &["member"]).await;
    }
    for role in ["version", "damaged", "readable"] {
        let body = json!({ "name": role, "permissions": ["shop:buy"] });
        assert_eq!(admin.post("/api/roles").json(&body).send().await.status, 201);
    }
    sign_in_as(&server, "ada@example.com", "newer").await;
    sign_in_as(&server, "ada@example.com", "damaged").await;
    let ada = sign_in_as(&server, "ada@example.com", "readable").await;
    let rejected = login(&server.client(), "ada@example.com", "wrong").await;
    assert_eq!(rejected.status, 401);
    for sql in NEWER {
        server.execute(sql).await;
    }
    if is_sqlite(engine) {
        for sql in DAMAGED {
            server.execute(sql).await;
        }
    }
    (server, admin, ada)
}

async fn every_read_succeeds_despite_unreadable_rows(engine: Engine) {
    let (server, admin, ada) = server_with_unreadable_rows(engine).await;
    let users = admin.all_rows("/api/users?sort=email").await;
    let expected = if is_sqlite(engine) { 5 } else { 6 };
    assert_eq!(users.len(), expected, "{users:?}");
    let id = |email: &str| {
        let user = users.iter().find(|user| user["email"] == email).expect("listed");
        user["id"].as_str().expect("an id").to_owned()
    };
    for path in [
        "/api/users?q=example".to_owned(),
        "/api/users?q=ada".to_owned(),
        "/api/users?status=disabled".to_owned(),
        "/api/users?status=active".to_owned(),
        "/api/users?role=member".to_owned(),
        "/api/users?role=member&sort=email".to_owned(),
        "/api/roles".to_owned(),
        "/api/permissions".to_owned(),
        "/api/audit-events".to_owned(),
        format!("/api/audit-events?actor={}", id("ada@example.com")),
        format!("/api/audit-events?target={}", id("ada@example.com")),
        format!("/api/users/{}", id("ada@example.com")),
        format!("/api/users/{}", id("suspended@example.com")),
        format!("/api/users/{}", id("version@example.com")),
        format!("/api/users/{}/sessions", id("ada@example.com")),
        format!("/api/users/{}/access", id("suspended@example.com")),
        "/api/users/me".to_owned(),
        "/api/users/me/sessions".to_owned(),
        "/api/users/me/export".to_owned(),
        "/api/settings".to_owned(),
    ] {
        get(&admin, &path).await;
    }
    for path in ["/api/users/me", "/api/users/me/sessions", "/api/users/me/export"] {
        get(&ada, path).await;
    }
    let roles = admin.all_rows("/api/roles").await;
    let names = texts(&roles, "name");
    assert!(names.contains(&"readable") && names.contains(&"version"), "{names:?}");
    assert_eq!(names.contains(&"damaged"), !is_sqlite(engine));
    let list = ListEvents {
        limit: Limit::new(200).expect("in range"),
        ..ListEvents::default()
    };
    assert!(audit::list(&server.app, &Actor::operator(), &list).await.is_ok());
    assert!(outbox::list(&server.app, 100).await.is_ok());
    assert!(outbox::count(&server.app).await.is_ok());
}

async fn unreadable_user_fails_only_its_own_requests(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let unreadable = server.signed_in("unreadable@example.com", &["member"]).await;
    let mut readable = Vec::new();
    for n in 0..8 {
        readable.push(server.signed_in(&format!("readable{n}@example.com"), &["member"]).await);
    }
    server
        .execute("UPDATE users SET status = 'suspended' WHERE normalized_email = 'unreadable@example.com'")
        .await;
    if is_sqlite(engine) {
        server
            .execute("UPDATE users SET created_at = 'yesterday' WHERE normalized_email = 'unreadable@example.com'")
            .await;
    }
    let requests = (0..160).map(|n| {
        let (readable, unreadable) = (&readable[n % readable.len()], &unreadable);
        async move {
            if n % 2 == 0 {
                let response = unreadable.get("/api/users/me").send().await;
                let expected = if is_sqlite(engine) {
                    (500, "internal".to_owned())
                } else {
                    (401, "session_revoked".to_owned())
                };
                assert_eq!(response.problem(), expected);
            } else {
                let response = readable.get("/api/users/me").send().await;
                assert_eq!(response.status, 200, "{}", response.text);
            }
        }
    });
    futures_util::future::join_all(requests).await;
}

async fn unknown_status_counts_as_disabled_and_is_preserved(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let id = server.user("bob@example.com", &["member"]).await;
    let bob = server.client().sign_in("bob@example.com").await;
    let path = format!("/api/users/{id}");
    let suspend = "UPDATE users SET status = 'suspended' WHERE normalized_email = 'bob@example.com'";
    server.execute(suspend).await;

    assert_eq!(get(&admin, &path).await["status"], "disabled");
    let me = bob.get("/api/users/me").send().await;
    assert_eq!(me.problem(), (401, "session_revoked".to_owned()));
    let refresh = json!({ "refresh_token": bob.tokens["refresh_token"] });
    let refreshed = server.client().post("/api/auth/refresh").json(&refresh).send().await;
    assert_eq!(refreshed.problem(), (401, "session_revoked".to_owned()));
    let signed_in = login(&server.client(), "bob@example.com", PASSWORD).await;
    assert_eq!(signed_in.problem(), (403, "account_disabled".to_owned()));

    // Other changes preserve the unknown status.
    let rename = json!({ "display_name": "Bob" });
    assert_eq!(admin.patch(&path).json(&rename).send().await.status, 200);
    let preserved = "UPDATE users SET display_name = 'preserved' WHERE status = 'suspended'";
    assert_eq!(server.execute(preserved).await, 1);
    let enable = json!({ "status": "active" });
    assert_eq!(admin.patch(&path).json(&enable).send().await.json()["status"], "active");
    server.execute(suspend).await;
    let disable = json!({ "status": "disabled" });
    assert_eq!(admin.patch(&path).json(&disable).send().await.status, 200);
    assert_eq!(admin.all_rows("/api/users?status=disabled").await.len(), 1);
}

async fn unknown_audit_values_are_listed_by_their_stored_names(engine: Engine) {
    let (_server, admin, ada) = server_with_unreadable_rows(engine).await;
    let events = admin.all_rows("/api/audit-events?limit=3").await;
    let event = events
        .iter()
        .find(|event| event["action"] == "wallet.added")
        .expect("listed");
    assert_eq!(event["actor"]["kind"], "service");
    assert_eq!(event["target"]["kind"], "wallet");
    assert_eq!(
        event["details"],
        json!({ "score": -1.5, "nested": { "a": [1] }, "flag": true, "none": null, "names": ["a", 2] })
    );
    let started = events.iter().find(|event| event["action"] == "session.started");
    assert_eq!(started.expect("listed")["details"], json!({ "value": [1] }));
    let rejected = events.iter().find(|event| event["action"] == "session.refused");
    assert_eq!(rejected.expect("listed")["details"], json!({ "value": "not JSON" }));
    let filtered = admin.get("/api/audit-events?action=wallet.added").send().await;
    assert_eq!(filtered.problem(), (422, "validation_failed".to_owned()));
    assert_eq!(
        filtered.field_error(),
        ("?action".to_owned(), "not_allowed_value".to_owned())
    );
    let export = get(&ada, "/api/users/me/export").await;
    let own = texts(export["audit_events"].as_array().expect("a list"), "action");
    assert!(own.contains(&"wallet.added"), "{own:?}");
    let total = admin.get("/api/audit-events").send().await;
    assert_eq!(total.header("x-total-count-kind"), Some("exact"));
}

async fn unreadable_rows_do_not_break_pagination(engine: Engine) {
    let (_server, admin, _ada) = server_with_unreadable_rows(engine).await;
    let events = if is_sqlite(engine) { 11 } else { 14 };
    let users = if is_sqlite(engine) { 5 } else { 6 };
    let roles = if is_sqlite(engine) { 4 } else { 5 };
    for limit in [1, 2, 3, 200] {
        let count = async |path: &str| admin.all_rows(&format!("{path}limit={limit}")).await.len();
        assert_eq!(count("/api/audit-events?").await, events, "{limit}");
        assert_eq!(count("/api/users?").await, users, "{limit}");
        assert_eq!(count("/api/users?sort=created_at&").await, users, "{limit}");
        assert_eq!(count("/api/users?sort=-email&").await, users, "{limit}");
        assert_eq!(count("/api/users?q=damaged&").await, usize::from(!is_sqlite(engine)));
        assert_eq!(count("/api/roles?").await, roles, "{limit}");
    }
}

async fn email_of_unknown_kind_is_left_for_a_newer_version(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    for n in 0..30 {
        server.user(&format!("user{n}@example.com"), &["member"]).await;
    }
    let newer = "UPDATE outbox SET kind = 'digest' WHERE address <> 'user29@example.com'";
    assert_eq!(server.execute(newer).await, 29);
    let sent = server.deliver_emails().await;
    assert_eq!((sent.len(), sent[0].to.as_str()), (1, "user29@example.com"));
    assert!(server.deliver_emails().await.is_empty());
    let untouched = "UPDATE outbox SET kind = 'verify_email' WHERE kind = 'digest' AND attempts = 0";
    assert_eq!(server.execute(untouched).await, 29, "they wait unchanged");
    assert_eq!(server.deliver_emails().await.len(), 29);
}

async fn email_with_unreadable_link_does_not_block_other_emails(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.user("ada@example.com", &["member"]).await;
    server.user("bob@example.com", &["member"]).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    server
        .execute("UPDATE one_time_tokens SET purpose = 'magic_link'")
        .await;
    assert_eq!(forgot_password(&server, "bob@example.com").await.status, 202);
    let sent: Vec<_> = server
        .deliver_emails()
        .await
        .into_iter()
        .map(|email| email.kind)
        .collect();
    assert_eq!(sent, [EmailKind::ResetPassword]);
    // They are neither lost nor retried at once.
    let waiting = outbox::list(&server.app, 10).await.expect("a list");
    assert_eq!(waiting.len(), 3, "{waiting:?}");
    assert!(
        waiting
            .iter()
            .all(|email| email.attempts == 1 && email.last_error.is_some())
    );
    assert_eq!(admin.delete(&format!("/api/users/{ada}")).send().await.status, 204);
}

async fn link_with_unknown_purpose_is_an_invalid_token(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let token = server.link(EmailKind::VerifyEmail).await;
    server
        .execute("UPDATE one_time_tokens SET purpose = 'magic_link'")
        .await;
    let body = json!({ "token": token, "password": PASSWORD });
    let response = server.client().post("/api/auth/verify-email").json(&body).send().await;
    assert_eq!(response.problem(), (400, "invalid_token".to_owned()));
}

async fn pending_email_that_does_not_parse_is_shown(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let body = json!({ "new_email": "new@example.com", "current_password": PASSWORD });
    assert_eq!(ada.post("/api/users/me/email").json(&body).send().await.status, 202);
    let token = server.link(EmailKind::ChangeEmail).await;
    let newer = "UPDATE one_time_tokens SET email = '\"a b\"@quoted.example' WHERE purpose = 'change_email'";
    assert_eq!(server.execute(newer).await, 1);
    assert_eq!(
        get(&ada, "/api/users/me").await["pending_email"],
        "\"a b\"@quoted.example"
    );
    let export = get(&ada, "/api/users/me/export").await;
    assert_eq!(export["pending_email"], "\"a b\"@quoted.example");
    // Only the newer version can normalize this email.
    let body = json!({ "token": token });
    let confirmed = server.client().post("/api/auth/confirm-email-change").json(&body);
    assert!(confirmed.send().await.status >= 400);
    assert_eq!(get(&ada, "/api/users/me").await["email"], "ada@example.com");
    assert_eq!(ada.delete("/api/users/me/email").send().await.status, 204);
    assert_eq!(get(&ada, "/api/users/me").await["pending_email"], Value::Null);
}

async fn unreadable_session_is_listed_and_can_be_revoked(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let newer = sign_in_as(&server, "ada@example.com", "newer").await;
    let sql = "UPDATE sessions SET generation = 99999999999 WHERE user_agent = 'newer'";
    assert_eq!(server.execute(sql).await, 1);
    assert_eq!(get(&newer, "/api/users/me").await["email"], "ada@example.com");
    let sessions = get(&ada, "/api/users/me/sessions").await;
    assert_eq!(sessions.as_array().map(Vec::len), Some(2));
    let id = sessions[0]["id"].as_str().expect("an id");
    let revoked = ada.delete(&format!("/api/users/me/sessions/{id}")).send().await;
    assert_eq!(revoked.status, 204, "{}", revoked.text);
    assert_eq!(newer.get("/api/users/me").send().await.status, 401);
}
