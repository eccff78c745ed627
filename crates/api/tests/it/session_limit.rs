//! The limit on the live sessions of a user.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    bulk_rows::add_sessions,
    support::{is_live, session_id},
};

on_each_database!(
    sign_in_beyond_the_limit_revokes_the_least_recently_used_session,
    concurrent_sign_ins_leave_exactly_the_limit,
    sign_in_reduces_very_many_sessions_to_the_limit,
    ended_sessions_do_not_count_toward_the_limit,
);

const LIMIT: usize = 100;

async fn sign_in_beyond_the_limit_revokes_the_least_recently_used_session(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let mut clients = Vec::new();
    for _ in 0..LIMIT {
        clients.push(server.client().sign_in("ada@example.com").await);
        server.clock.advance(TimeDelta::seconds(11));
    }
    // Refreshing the oldest session leaves the second oldest as the least recently used one.
    let refresh = json!({ "refresh_token": clients[0].tokens["refresh_token"] });
    let refreshed = server.client().post("/api/auth/refresh").json(&refresh).send().await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    assert!(is_live(&clients[1]).await);

    let last = server.client().sign_in("ada@example.com").await;
    assert!(is_live(&last).await && is_live(&clients[0]).await && is_live(&clients[2]).await);
    let revoked = clients[1].get("/api/users/me").send().await;
    assert_eq!(revoked.problem(), (401, "session_revoked".to_owned()));
    assert_eq!(last.all_rows("/api/users/me/sessions?limit=200").await.len(), LIMIT);

    let events = root
        .all_rows(&format!("/api/audit-events?actor={user}&action=session.revoked"))
        .await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0]["target"],
        json!({ "kind": "session", "id": session_id(&clients[1]) })
    );
    assert_eq!(events[0]["details"], json!({ "reason": "session_limit" }));
}

async fn concurrent_sign_ins_leave_exactly_the_limit(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 95).await;
    let clients = join_all((0..16).map(|_| async { server.client().sign_in("ada@example.com").await })).await;
    for client in &clients {
        assert!(is_live(client).await, "no new session is revoked");
    }
    let (count, kind) = ("x-total-count", "x-total-count-kind");
    let page = clients[0].get("/api/users/me/sessions").send().await;
    assert_eq!((page.header(count), page.header(kind)), (Some("100"), Some("exact")));
    let events = root
        .all_rows("/api/audit-events?limit=200&action=session.revoked")
        .await;
    assert_eq!(events.len(), 11, "one event for each revoked session");
}

async fn sign_in_reduces_very_many_sessions_to_the_limit(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 20_000).await;
    let path = format!("/api/users/{user}/sessions");
    let page = root.get(&path).send().await;
    assert_eq!(page.json().as_array().map(Vec::len), Some(50));
    assert_eq!(page.header("x-total-count"), Some("10000"));
    assert_eq!(page.header("x-total-count-kind"), Some("at_least"));

    let ada = server.client().sign_in("ada@example.com").await;
    let remaining = ada.all_rows("/api/users/me/sessions?limit=30").await;
    assert_eq!(remaining.len(), LIMIT);
    assert_eq!(remaining[0]["id"], session_id(&ada), "newest first");
    let events = root
        .all_rows(&format!("/api/audit-events?actor={user}&action=sessions.revoked"))
        .await;
    let details = events.iter().map(|event| &event["details"]);
    assert!(details.clone().all(|details| details["reason"] == "session_limit"));
    let mut counts: Vec<_> = details.filter_map(|details| details["count"].as_u64()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [4_900, 5_000, 5_000, 5_000], "one event for each transaction");
    let again = server.client().sign_in("ada@example.com").await;
    assert_eq!(again.all_rows("/api/users/me/sessions?limit=200").await.len(), LIMIT);
    assert!(is_live(&ada).await);
}

async fn ended_sessions_do_not_count_toward_the_limit(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 99).await;
    let ada = server.client().sign_in("ada@example.com").await;
    for _ in 0..3 {
        let other = server.client().sign_in("ada@example.com").await;
        assert_eq!(other.post("/api/auth/logout").send().await.status, 204);
    }
    assert_eq!(ada.all_rows("/api/users/me/sessions?limit=200").await.len(), 99);
    assert_eq!(root.all_rows("/api/audit-events?action=session.revoked").await.len(), 1);
    server.clock.advance(TimeDelta::hours(25));
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(
        ada.all_rows("/api/users/me/sessions").await.len(),
        2,
        "the other sessions have expired"
    );
}
