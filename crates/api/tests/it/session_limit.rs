//! The bound on live sessions, their pages, and accounts that have very many.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(
    further_sign_in_revokes_the_least_recently_used_session,
    simultaneous_sign_ins_leave_exactly_the_limit,
    account_with_very_many_sessions_is_brought_down_to_the_limit,
    ended_sessions_do_not_count,
    sessions_are_listed_page_by_page,
    session_cursor_belongs_to_its_list,
    session_list_parameters_are_strict,
    export_of_many_pages_is_one_document,
    export_that_fails_half_way_is_cut_off,
    deleted_account_with_much_history_leaves_no_trace,
);

const LIMIT: usize = 100;

/// Adds sessions of a user by SQL, as they were before there was a limit: each lasts for a day, was used a
/// second after the one before it, and the last one an hour ago.
async fn add_sessions(server: &TestServer, engine: Engine, email: &str, count: u32) {
    let sql = if is_sqlite(engine) {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO sessions (id, user_id, secret, generation, created_at, last_used_at, expires_at, user_agent, ip_address) \
             SELECT unhex(printf('018f0000%08x', i) || '70008000' || hex(randomblob(4))), users.id, randomblob(32), 0, \
             strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '-1 hour', printf('%d seconds', i - {count})), \
             strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '-1 hour', printf('%d seconds', i - {count})), \
             strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '+1 day'), 'added', '192.0.2.7' \
             FROM n, users WHERE users.email_key = '{email}'"
        )
    } else {
        format!(
            "INSERT INTO sessions (id, user_id, secret, generation, created_at, last_used_at, expires_at, user_agent, ip_address) \
             SELECT ('018f0000' || lpad(to_hex(i), 8, '0') || '70008000' || substr(md5(i::text), 1, 8))::uuid, users.id, \
             decode(md5(i::text) || md5('x' || i), 'hex'), 0, \
             now() - interval '1 hour' + make_interval(secs => i - {count}), \
             now() - interval '1 hour' + make_interval(secs => i - {count}), now() + interval '1 day', 'added', '192.0.2.7' \
             FROM generate_series(1, {count}) AS i, users WHERE users.email_key = '{email}'"
        )
    };
    assert_eq!(server.execute(&sql).await, u64::from(count));
}

/// Adds events that a user has caused, by SQL.
async fn add_events(server: &TestServer, engine: Engine, email: &str, count: u32) {
    let sql = if is_sqlite(engine) {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO audit_events (id, occurred_at, action, actor_kind, actor_id, target_kind, target_id, ip_address, user_agent, details, count) \
             SELECT unhex(printf('018f0000%08x', i) || '70008000' || hex(randomblob(4))), '2024-05-01 00:00:00+00:00', \
             CASE WHEN i % 3 = 0 THEN 'session.refused' ELSE 'session.started' END, \
             CASE WHEN i % 3 = 0 THEN 'anonymous' ELSE 'user' END, CASE WHEN i % 3 = 0 THEN NULL ELSE users.id END, \
             'user', users.id, '192.0.2.8', 'added', '{{}}', 1 FROM n, users WHERE users.email_key = '{email}'"
        )
    } else {
        format!(
            "INSERT INTO audit_events (id, occurred_at, action, actor_kind, actor_id, target_kind, target_id, ip_address, user_agent, details, count) \
             SELECT ('018f0000' || lpad(to_hex(i), 8, '0') || '70008000' || substr(md5(i::text), 1, 8))::uuid, \
             '2024-05-01 00:00:00+00', CASE WHEN i % 3 = 0 THEN 'session.refused' ELSE 'session.started' END, \
             CASE WHEN i % 3 = 0 THEN 'anonymous' ELSE 'user' END, CASE WHEN i % 3 = 0 THEN NULL ELSE users.id END, \
             'user', users.id, '192.0.2.8', 'added', '{{}}', 1 FROM generate_series(1, {count}) AS i, users WHERE users.email_key = '{email}'"
        )
    };
    assert_eq!(server.execute(&sql).await, u64::from(count));
}

const fn is_sqlite(engine: Engine) -> bool {
    matches!(engine, Engine::SqliteMemory | Engine::SqliteFile)
}

async fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = client.get(&path).send().await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        rows.extend(page.json().as_array().expect("a list").iter().cloned());
        next = page.next_page().map(str::to_owned);
    }
    rows
}

async fn is_live(client: &Client) -> bool {
    client.get("/api/users/me").send().await.status == 200
}

fn id(client: &Client) -> &str {
    client.tokens["session_id"].as_str().expect("an id")
}

async fn further_sign_in_revokes_the_least_recently_used_session(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let mut clients = Vec::new();
    for _ in 0..LIMIT {
        clients.push(server.client().sign_in("ada@example.com").await);
        server.clock.advance(TimeDelta::seconds(11));
    }
    // The oldest session is used again, so the second oldest is the least recently used one.
    let refresh = json!({ "refresh_token": clients[0].tokens["refresh_token"] });
    let refreshed = server.client().post("/api/auth/refresh").json(&refresh).send().await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    assert!(is_live(&clients[1]).await);

    let last = server.client().sign_in("ada@example.com").await;
    assert!(is_live(&last).await && is_live(&clients[0]).await && is_live(&clients[2]).await);
    let revoked = clients[1].get("/api/users/me").send().await;
    assert_eq!(revoked.problem(), (401, "session_revoked".to_owned()));
    assert_eq!(all(&last, "/api/users/me/sessions?limit=200").await.len(), LIMIT);

    let events = all(&root, &format!("/api/audit-events?actor={user}&action=session.revoked")).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["target"], json!({ "kind": "session", "id": id(&clients[1]) }));
    assert_eq!(events[0]["details"], json!({ "reason": "session_limit" }));
}

async fn simultaneous_sign_ins_leave_exactly_the_limit(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 95).await;
    let clients = join_all((0..16).map(|_| async { server.client().sign_in("ada@example.com").await })).await;
    for client in &clients {
        assert!(is_live(client).await, "none of the new ones is revoked");
    }
    let (count, kind) = ("x-total-count", "x-total-count-kind");
    let page = clients[0].get("/api/users/me/sessions").send().await;
    assert_eq!((page.header(count), page.header(kind)), (Some("100"), Some("exact")));
    let events = all(&root, "/api/audit-events?limit=200&action=session.revoked").await;
    assert_eq!(events.len(), 11, "one for each that had to go");
}

async fn account_with_very_many_sessions_is_brought_down_to_the_limit(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 20_000).await;
    let path = format!("/api/users/{user}/sessions");
    let page = root.get(&path).send().await;
    assert_eq!(page.json().as_array().map(Vec::len), Some(50));
    assert_eq!(page.header("x-total-count"), Some("10000"));
    assert_eq!(page.header("x-total-count-kind"), Some("at_least"));

    let ada = server.client().sign_in("ada@example.com").await;
    let left = all(&ada, "/api/users/me/sessions?limit=30").await;
    assert_eq!(left.len(), LIMIT);
    assert_eq!(left[0]["id"], id(&ada), "the newest first");
    let events = all(
        &root,
        &format!("/api/audit-events?actor={user}&action=sessions.revoked"),
    )
    .await;
    let details = events.iter().map(|event| &event["details"]);
    assert!(details.clone().all(|details| details["reason"] == "session_limit"));
    let mut counts: Vec<_> = details.filter_map(|details| details["count"].as_u64()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [4_900, 5_000, 5_000, 5_000], "one event for each transaction");
    let again = server.client().sign_in("ada@example.com").await;
    assert_eq!(all(&again, "/api/users/me/sessions?limit=200").await.len(), LIMIT);
    assert!(is_live(&ada).await);
}

async fn ended_sessions_do_not_count(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 99).await;
    let ada = server.client().sign_in("ada@example.com").await;
    for _ in 0..3 {
        let other = server.client().sign_in("ada@example.com").await;
        assert_eq!(other.post("/api/auth/logout").send().await.status, 204);
    }
    assert_eq!(all(&ada, "/api/users/me/sessions?limit=200").await.len(), 99);
    assert_eq!(all(&root, "/api/audit-events?action=session.revoked").await.len(), 1);
    server.clock.advance(TimeDelta::hours(25));
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(
        all(&ada, "/api/users/me/sessions").await.len(),
        2,
        "the others have expired"
    );
}

async fn sessions_are_listed_page_by_page(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(server.client().sign_in("ada@example.com").await);
    }
    let newest_first: Vec<_> = clients.iter().rev().map(|client| json!(id(client))).collect();
    for limit in [1, 2, 5, 200] {
        for (client, path) in [
            (&clients[3], "/api/users/me/sessions".to_owned()),
            (&root, format!("/api/users/{user}/sessions")),
        ] {
            let listed = all(client, &format!("{path}?limit={limit}")).await;
            let ids: Vec<_> = listed.iter().map(|session| session["id"].clone()).collect();
            assert_eq!(ids, newest_first, "{path} {limit}");
            let first = client.get(&format!("{path}?limit={limit}")).send().await;
            assert_eq!(first.header("x-total-count"), Some("5"));
            assert_eq!(first.header("x-total-count-kind"), Some("exact"));
            assert_eq!(first.next_page().is_some(), limit < 5);
            if let Some(next) = first.next_page() {
                assert!(next.starts_with(&format!("{path}?limit={limit}&cursor=")), "{next}");
                let second = client.get(next).send().await;
                assert_eq!(second.header("x-total-count"), None);
            }
        }
    }
    let current = all(&clients[3], "/api/users/me/sessions?limit=1").await;
    let current: Vec<_> = current.iter().map(|session| session["current"] == true).collect();
    assert_eq!(current, [false, true, false, false, false]);
}

async fn session_cursor_belongs_to_its_list(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.user("ada@example.com", &["member"]).await;
    let bob = server.user("bob@example.com", &["member"]).await;
    let client = server.client().sign_in("ada@example.com").await;
    server.client().sign_in("ada@example.com").await;
    let page = client.get("/api/users/me/sessions?limit=1").send().await;
    let cursor = page
        .next_page()
        .expect("another page")
        .rsplit_once("cursor=")
        .expect("a cursor")
        .1
        .to_owned();
    let of = |user: &str| format!("/api/users/{user}/sessions?cursor={cursor}");
    assert_eq!(root.get(&of(&ada)).send().await.status, 200);
    for path in [
        of(&bob),
        format!("/api/users/me/sessions?cursor={cursor}"),
        format!("/api/users?cursor={cursor}"),
    ] {
        let refused = root.get(&path).send().await;
        assert_eq!(refused.problem(), (422, "validation_failed".to_owned()), "{path}");
        assert_eq!(refused.blamed(), ("?cursor".to_owned(), "invalid_format".to_owned()));
    }
}

async fn session_list_parameters_are_strict(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    for path in [
        "/api/users/me/sessions".to_owned(),
        format!("/api/users/{user}/sessions"),
    ] {
        for (query, name, code) in [
            ("limit=0", "limit", "out_of_range"),
            ("limit=201", "limit", "out_of_range"),
            ("limit=ten", "limit", "invalid_type"),
            ("limit=1&limit=2", "limit", "invalid_format"),
            ("cursor=", "cursor", "too_short"),
            ("cursor=x", "cursor", "invalid_format"),
            ("sort=id", "sort", "unknown_field"),
        ] {
            let answer = root.get(&format!("{path}?{query}")).send().await;
            assert_eq!(answer.problem(), (422, "validation_failed".to_owned()), "{query}");
            assert_eq!(answer.blamed(), (format!("?{name}"), code.to_owned()), "{query}");
        }
    }
}

async fn export_of_many_pages_is_one_document(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 450).await;
    add_events(&server, engine, "ada@example.com", 950).await;
    let ada = server.client().sign_in("ada@example.com").await;
    let answer = ada.get("/api/users/me/export").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-length"), None);
    let export = answer.json();
    let members: Vec<_> = export.as_object().expect("an object").keys().cloned().collect();
    let mut expected = [
        "user",
        "last_sign_in_at",
        "password_changed_at",
        "pending_email",
        "mails",
        "sessions",
        "audit_events",
    ];
    expected.sort_unstable();
    assert_eq!(members, expected);
    for (list, count) in [("mails", 2), ("sessions", 451), ("audit_events", 950 + 4)] {
        let rows = export[list].as_array().expect("a list");
        assert_eq!(rows.len(), count, "{list}");
        let ids: Vec<_> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
        assert!(ids.is_sorted_by(|a, b| a > b), "{list}: the newest first, each once");
    }
    let refused = export["audit_events"].as_array().expect("a list").iter();
    let mut refused = refused.filter(|event| event["action"] == "session.refused");
    assert!(
        refused.all(|event| event["ip_address"].is_null()),
        "from where others came is not told"
    );
    let head = ada
        .request(actix_web::http::Method::HEAD, "/api/users/me/export")
        .send()
        .await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

async fn export_that_fails_half_way_is_cut_off(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let token = ada.access_token.clone().expect("signed in");
    let address = server.address();
    let export = async || {
        let request = format!(
            "GET /api/users/me/export HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        let read = move || {
            let mut stream = TcpStream::connect(address).expect("the server listens");
            stream.write_all(request.as_bytes()).expect("the server reads");
            let mut answer = Vec::new();
            // A connection that is reset has no more to say either.
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8(answer).expect("UTF-8")
        };
        actix_web::web::block(read).await.expect("the thread ends")
    };
    let whole = export().await;
    assert!(
        whole.starts_with("HTTP/1.1 200") && whole.ends_with("\r\n0\r\n\r\n"),
        "{whole}"
    );
    server
        .execute("ALTER TABLE audit_events RENAME TO no_audit_events")
        .await;
    let cut = export().await;
    assert!(cut.starts_with("HTTP/1.1 200"), "{cut}");
    assert!(
        !cut.ends_with("\r\n0\r\n\r\n"),
        "the end is missing, so that nobody takes it for whole: {cut}"
    );
}

async fn deleted_account_with_much_history_leaves_no_trace(engine: Engine) {
    let server = TestServer::unthrottled(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 1_200).await;
    add_events(&server, engine, "ada@example.com", 2_600).await;
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(
        root.delete(&format!("/api/users/{user}"))
            .header("if-match", "\"7\"")
            .send()
            .await
            .status,
        412
    );
    let kept = server
        .execute("UPDATE audit_events SET count = 1 WHERE user_agent = 'added'")
        .await;
    assert_eq!(kept, 2_600, "a refused deletion clears nothing");
    assert_eq!(root.delete(&format!("/api/users/{user}")).send().await.status, 204);
    assert_eq!(
        ada.get("/api/users/me").send().await.problem(),
        (404, "user_not_found".to_owned())
    );
    for trace in [
        "UPDATE sessions SET generation = 0 WHERE user_agent = 'added' OR ip_address = '192.0.2.7'",
        "UPDATE sessions SET generation = 0 WHERE revoked_at IS NULL AND user_id IS NULL AND ip_address IS NOT NULL",
        "UPDATE audit_events SET count = 1 WHERE user_agent = 'added' OR ip_address = '192.0.2.8'",
    ] {
        assert_eq!(server.execute(trace).await, 0, "{trace}");
    }
    let left = root.get(&format!("/api/audit-events?target={user}")).send().await;
    assert_eq!(left.header("x-total-count"), Some("2603"), "the events stay");
}
