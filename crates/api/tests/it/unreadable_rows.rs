//! Rows that a newer version has written, or that are damaged: an error belongs to its own row.

use serde_json::{Value, json};
use vestibule_domain::{Actor, EmailKind, Limit, ListEvents, audit, outbox};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(
    every_read_works_beside_unreadable_rows,
    unreadable_user_fails_only_their_own_requests,
    unknown_status_counts_as_disabled_and_is_preserved,
    unknown_audit_values_are_listed_by_their_stored_names,
    unreadable_rows_do_not_break_paging,
    unknown_kind_of_mail_is_left_to_a_newer_version,
    mail_with_unreadable_link_does_not_stop_the_others,
    unknown_purpose_of_a_link_is_an_invalid_token,
    pending_address_that_no_longer_parses_is_shown,
    unreadable_session_is_listed_and_can_be_revoked,
);

/// What a newer version could have written.
const NEWER: &[&str] = &[
    "UPDATE users SET status = 'suspended' WHERE email_key = 'suspended@example.com'",
    "UPDATE users SET version = 99999999999 WHERE email_key = 'version@example.com'",
    "UPDATE users SET version = -7 WHERE email_key = 'negative@example.com'",
    "UPDATE roles SET version = 99999999999 WHERE name = 'version'",
    "UPDATE audit_events SET action = 'passkey.added', actor_kind = 'service', target_kind = 'passkey', \
     details = '{\"score\":-1.5,\"nested\":{\"a\":[1]},\"flag\":true,\"none\":null,\"names\":[\"a\",2]}' \
     WHERE action = 'user.created'",
    "UPDATE audit_events SET details = '[1]' WHERE action = 'session.started'",
    "UPDATE audit_events SET details = 'not JSON' WHERE action = 'session.refused'",
    "UPDATE sessions SET generation = 99999999999 WHERE user_agent = 'newer'",
    "UPDATE mails SET kind = 'digest', attempts = 99999999999",
    "UPDATE one_time_tokens SET purpose = 'magic_link'",
];

/// What no version writes, and SQLite, which checks no types, stores all the same.
const DAMAGED: &[&str] = &[
    "UPDATE users SET created_at = 'yesterday' WHERE email_key = 'damaged@example.com'",
    "UPDATE roles SET created_at = 'yesterday' WHERE name = 'damaged'",
    "UPDATE audit_events SET occurred_at = 'yesterday' WHERE action = 'role.created'",
    "UPDATE sessions SET created_at = 'yesterday' WHERE user_agent = 'damaged'",
    "UPDATE mails SET created_at = 'yesterday' WHERE address = 'damaged@example.com'",
];

const USERS: [&str; 5] = [
    "suspended@example.com",
    "version@example.com",
    "negative@example.com",
    "damaged@example.com",
    "ada@example.com",
];

const fn is_sqlite(engine: Engine) -> bool {
    matches!(engine, Engine::SqliteMemory | Engine::SqliteFile)
}

/// Signs in with a user agent.
async fn sign_in(server: &TestServer, email: &str, agent: &str) -> Client {
    let body = json!({ "email": email, "password": "correct horse battery" });
    let request = server.client().post("/api/auth/login").header("user-agent", agent);
    let answer = request.json(&body).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    server
        .client()
        .bearing(answer.json()["access_token"].as_str().expect("a token"))
}

async fn get(client: &Client, path: &str) -> Value {
    let answer = client.get(path).send().await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

/// All rows of a list, read page by page.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = client.get(&path).send().await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        rows.extend(page.json().as_array().expect("a list").iter().cloned());
        next = page.next_page().map(str::to_owned);
        assert!(rows.len() < 1000, "paging does not end");
    }
    rows
}

fn texts<'a>(rows: &'a [Value], member: &str) -> Vec<&'a str> {
    rows.iter().filter_map(|row| row[member].as_str()).collect()
}

/// Users, roles, sessions, events, mails and links, most of which cannot be read as they are.
async fn damaged(engine: Engine) -> (TestServer, Client, Client) {
    let server = TestServer::unthrottled(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    for email in USERS {
        server.user(email, &["member"]).await;
    }
    for role in ["version", "damaged", "readable"] {
        let body = json!({ "name": role, "permissions": ["shop:buy"] });
        assert_eq!(admin.post("/api/roles").json(&body).send().await.status, 201);
    }
    sign_in(&server, "ada@example.com", "newer").await;
    sign_in(&server, "ada@example.com", "damaged").await;
    let ada = sign_in(&server, "ada@example.com", "readable").await;
    let wrong = json!({ "email": "ada@example.com", "password": "wrong" });
    let refused = server.client().post("/api/auth/login").json(&wrong).send().await;
    assert_eq!(refused.status, 401);
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

async fn every_read_works_beside_unreadable_rows(engine: Engine) {
    let (server, admin, ada) = damaged(engine).await;
    let users = all(&admin, "/api/users?sort=email").await;
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
    let roles = all(&admin, "/api/roles").await;
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

async fn unreadable_user_fails_only_their_own_requests(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let bad = server.signed_in("bad@example.com", &["member"]).await;
    let mut good = Vec::new();
    for n in 0..8 {
        good.push(server.signed_in(&format!("good{n}@example.com"), &["member"]).await);
    }
    server
        .execute("UPDATE users SET status = 'suspended' WHERE email_key = 'bad@example.com'")
        .await;
    if is_sqlite(engine) {
        server
            .execute("UPDATE users SET created_at = 'yesterday' WHERE email_key = 'bad@example.com'")
            .await;
    }
    let requests = (0..160).map(|n| {
        let (good, bad) = (&good[n % good.len()], &bad);
        async move {
            if n % 2 == 0 {
                let answer = bad.get("/api/users/me").send().await;
                let expected = if is_sqlite(engine) {
                    (500, "internal".to_owned())
                } else {
                    (401, "session_revoked".to_owned())
                };
                assert_eq!(answer.problem(), expected);
            } else {
                let answer = good.get("/api/users/me").send().await;
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
        }
    });
    futures_util::future::join_all(requests).await;
}

async fn unknown_status_counts_as_disabled_and_is_preserved(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let id = server.user("bob@example.com", &["member"]).await;
    let bob = server.client().sign_in("bob@example.com").await;
    let path = format!("/api/users/{id}");
    let suspend = "UPDATE users SET status = 'suspended' WHERE email_key = 'bob@example.com'";
    server.execute(suspend).await;

    assert_eq!(get(&admin, &path).await["status"], "disabled");
    let me = bob.get("/api/users/me").send().await;
    assert_eq!(me.problem(), (401, "session_revoked".to_owned()));
    let refresh = json!({ "refresh_token": bob.tokens["refresh_token"] });
    let refreshed = server.client().post("/api/auth/refresh").json(&refresh).send().await;
    assert_eq!(refreshed.problem(), (401, "session_revoked".to_owned()));
    let login = json!({ "email": "bob@example.com", "password": "correct horse battery" });
    let signed_in = server.client().post("/api/auth/login").json(&login).send().await;
    assert_eq!(signed_in.problem(), (403, "account_disabled".to_owned()));

    // Other changes keep what this version does not know.
    let rename = json!({ "display_name": "Bob" });
    assert_eq!(admin.patch(&path).json(&rename).send().await.status, 200);
    let kept = "UPDATE users SET display_name = 'kept' WHERE status = 'suspended'";
    assert_eq!(server.execute(kept).await, 1);
    let enable = json!({ "status": "active" });
    assert_eq!(admin.patch(&path).json(&enable).send().await.json()["status"], "active");
    server.execute(suspend).await;
    let disable = json!({ "status": "disabled" });
    assert_eq!(admin.patch(&path).json(&disable).send().await.status, 200);
    assert_eq!(all(&admin, "/api/users?status=disabled").await.len(), 1);
}

async fn unknown_audit_values_are_listed_by_their_stored_names(engine: Engine) {
    let (_server, admin, ada) = damaged(engine).await;
    let events = all(&admin, "/api/audit-events?limit=3").await;
    let event = events
        .iter()
        .find(|event| event["action"] == "passkey.added")
        .expect("listed");
    assert_eq!(event["actor"]["kind"], "service");
    assert_eq!(event["target"]["kind"], "passkey");
    assert_eq!(
        event["details"],
        json!({ "score": -1.5, "nested": { "a": [1] }, "flag": true, "none": null, "names": ["a", 2] })
    );
    let started = events.iter().find(|event| event["action"] == "session.started");
    assert_eq!(started.expect("listed")["details"], json!({ "value": [1] }));
    let refused = events.iter().find(|event| event["action"] == "session.refused");
    assert_eq!(refused.expect("listed")["details"], json!({ "value": "not JSON" }));
    let filtered = admin.get("/api/audit-events?action=passkey.added").send().await;
    assert_eq!(filtered.problem(), (422, "validation_failed".to_owned()));
    assert_eq!(
        filtered.blamed(),
        ("?action".to_owned(), "not_allowed_value".to_owned())
    );
    let export = get(&ada, "/api/users/me/export").await;
    let own = texts(export["audit_events"].as_array().expect("a list"), "action");
    assert!(own.contains(&"passkey.added"), "{own:?}");
    let total = admin.get("/api/audit-events").send().await;
    assert_eq!(total.header("x-total-count-kind"), Some("exact"));
}

async fn unreadable_rows_do_not_break_paging(engine: Engine) {
    let (_server, admin, _ada) = damaged(engine).await;
    let events = if is_sqlite(engine) { 11 } else { 14 };
    let users = if is_sqlite(engine) { 5 } else { 6 };
    let roles = if is_sqlite(engine) { 4 } else { 5 };
    for limit in [1, 2, 3, 200] {
        let count = async |path: &str| all(&admin, &format!("{path}limit={limit}")).await.len();
        assert_eq!(count("/api/audit-events?").await, events, "{limit}");
        assert_eq!(count("/api/users?").await, users, "{limit}");
        assert_eq!(count("/api/users?sort=created_at&").await, users, "{limit}");
        assert_eq!(count("/api/users?sort=-email&").await, users, "{limit}");
        assert_eq!(count("/api/users?q=damaged&").await, usize::from(!is_sqlite(engine)));
        assert_eq!(count("/api/roles?").await, roles, "{limit}");
    }
}

async fn unknown_kind_of_mail_is_left_to_a_newer_version(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    for n in 0..30 {
        server.user(&format!("user{n}@example.com"), &["member"]).await;
    }
    let newer = "UPDATE mails SET kind = 'digest' WHERE address <> 'user29@example.com'";
    assert_eq!(server.execute(newer).await, 29);
    let sent = server.mail().await;
    assert_eq!((sent.len(), sent[0].to.as_str()), (1, "user29@example.com"));
    assert!(server.mail().await.is_empty());
    let untouched = "UPDATE mails SET kind = 'verify_email' WHERE kind = 'digest' AND attempts = 0";
    assert_eq!(server.execute(untouched).await, 29, "they wait as they were");
    assert_eq!(server.mail().await.len(), 29);
}

async fn mail_with_unreadable_link_does_not_stop_the_others(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let ada = server.user("ada@example.com", &["member"]).await;
    server.user("bob@example.com", &["member"]).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    server
        .execute("UPDATE one_time_tokens SET purpose = 'magic_link'")
        .await;
    let forgot = json!({ "email": "bob@example.com" });
    let asked = server.client().post("/api/auth/forgot-password").json(&forgot);
    assert_eq!(asked.send().await.status, 202);
    let sent: Vec<_> = server.mail().await.into_iter().map(|mail| mail.kind).collect();
    assert_eq!(sent, [EmailKind::ResetPassword]);
    // It is neither lost nor tried again at once.
    let waiting = outbox::list(&server.app, 10).await.expect("a list");
    assert_eq!(waiting.len(), 3, "{waiting:?}");
    assert!(
        waiting
            .iter()
            .all(|mail| mail.attempts == 1 && mail.last_error.is_some())
    );
    assert_eq!(admin.delete(&format!("/api/users/{ada}")).send().await.status, 204);
}

async fn unknown_purpose_of_a_link_is_an_invalid_token(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let token = server.link(EmailKind::VerifyEmail).await;
    server
        .execute("UPDATE one_time_tokens SET purpose = 'magic_link'")
        .await;
    let body = json!({ "token": token, "password": "correct horse battery" });
    let answer = server.client().post("/api/auth/verify-email").json(&body).send().await;
    assert_eq!(answer.problem(), (400, "invalid_token".to_owned()));
}

async fn pending_address_that_no_longer_parses_is_shown(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let body = json!({ "new_email": "new@example.com", "current_password": "correct horse battery" });
    assert_eq!(ada.post("/api/users/me/email").json(&body).send().await.status, 202);
    let token = server.link(EmailKind::ChangeEmail).await;
    let newer = "UPDATE one_time_tokens SET email = 'a..b@docomo.example' WHERE purpose = 'change_email'";
    assert_eq!(server.execute(newer).await, 1);
    assert_eq!(get(&ada, "/api/users/me").await["pending_email"], "a..b@docomo.example");
    let export = get(&ada, "/api/users/me/export").await;
    assert_eq!(export["pending_email"], "a..b@docomo.example");
    // Which key the address has is for the newer version to say.
    let body = json!({ "token": token });
    let confirmed = server.client().post("/api/auth/confirm-email-change").json(&body);
    assert!(confirmed.send().await.status >= 400);
    assert_eq!(get(&ada, "/api/users/me").await["email"], "ada@example.com");
    assert_eq!(ada.delete("/api/users/me/email").send().await.status, 204);
    assert_eq!(get(&ada, "/api/users/me").await["pending_email"], Value::Null);
}

async fn unreadable_session_is_listed_and_can_be_revoked(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let newer = sign_in(&server, "ada@example.com", "newer").await;
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
