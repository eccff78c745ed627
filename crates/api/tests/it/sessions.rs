//! Listing, revoking and purging sessions.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use vestibule_domain::sessions;
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{UNKNOWN_ID, current_user, is_live, post, session_id},
};

on_each_database!(
    user_lists_and_revokes_own_sessions,
    admin_lists_and_revokes_sessions_of_a_user,
    disabling_a_user_revokes_all_sessions_permanently,
    revoked_role_takes_effect_on_the_next_request,
    concurrent_requests_authenticate_as_their_own_user,
    session_list_is_paginated,
    session_cursor_is_bound_to_its_list,
    session_list_parameters_are_validated,
    purge_deletes_sessions_that_expired_long_ago,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::manager("listUserSessions", 200),
        Row::administrator("deleteUserSessions", 204),
        Row::signed_in("listOwnSessions", 200),
        Row::signed_in("deleteOtherSessions", 204),
        Row::signed_in("deleteOwnSession", 404).path("session_id", async |_, _| UNKNOWN_ID.to_owned()),
    ]
}

async fn user_lists_and_revokes_own_sessions(engine: Engine) {
    let server = TestServer::start(engine).await;
    let one = server.signed_in("ada@example.com", &["member"]).await;
    let two = server.client().sign_in("ada@example.com").await;
    let three = server.client().sign_in("ada@example.com").await;
    let bob = server.signed_in("bob@example.com", &["member"]).await;

    let listed = two.get("/api/users/me/sessions").send().await.json();
    let rows: Vec<_> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (row["id"].clone(), row["current"].clone()))
        .collect();
    let expected = [(&three, false), (&two, true), (&one, false)];
    assert_eq!(
        rows,
        expected.map(|(client, current)| (json!(session_id(client)), json!(current)))
    );
    assert_eq!(listed[0]["ip_address"], "127.0.0.1");

    let path = |client: &Client| format!("/api/users/me/sessions/{}", session_id(client));
    let not_own = bob.delete(&path(&one)).send().await;
    assert_eq!(not_own.problem(), (404, "session_not_found".to_owned()));
    assert_eq!(two.delete(&path(&one)).send().await.status, 204);
    let again = two.delete(&path(&one)).send().await;
    assert_eq!(again.problem(), (404, "session_not_found".to_owned()));
    assert!(!is_live(&one).await && is_live(&two).await && is_live(&three).await);
    assert_eq!(three.delete("/api/users/me/sessions").send().await.status, 204);
    assert!(!is_live(&two).await && is_live(&three).await && is_live(&bob).await);
    assert_eq!(three.delete(&path(&three)).send().await.status, 204);
    assert!(!is_live(&three).await);
}

async fn admin_lists_and_revokes_sessions_of_a_user(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    let path = format!("/api/users/{user}/sessions");
    assert_eq!(ada.get(&path).send().await.problem(), (403, "forbidden".to_owned()));
    let listed = admin.get(&path).send().await.json();
    assert_eq!(
        (&listed[0]["id"], &listed[0]["current"]),
        (&json!(session_id(&ada)), &json!(false))
    );
    assert_eq!(admin.delete(&path).send().await.status, 204);
    assert!(!is_live(&ada).await);
    assert_eq!(admin.get(&path).send().await.json(), json!([]));
    let unknown = format!("/api/users/{UNKNOWN_ID}/sessions");
    for request in [admin.get(&unknown), admin.delete(&unknown)] {
        assert_eq!(request.send().await.problem(), (404, "user_not_found".to_owned()));
    }
}

async fn disabling_a_user_revokes_all_sessions_permanently(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    for status in ["disabled", "active"] {
        let response = admin
            .patch(&format!("/api/users/{user}"))
            .json(&json!({ "status": status }))
            .send()
            .await;
        assert_eq!(response.json()["status"], status);
        assert!(!is_live(&ada).await);
    }
    assert!(is_live(&server.client().sign_in("ada@example.com").await).await);
}

async fn revoked_role_takes_effect_on_the_next_request(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["admin"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(ada.get("/api/users").send().await.status, 200);
    let path = format!("/api/users/{user}/roles");
    assert_eq!(admin.put(&path).json(&json!({ "roles": [] })).send().await.status, 200);
    assert_eq!(
        ada.get("/api/users").send().await.problem(),
        (403, "forbidden".to_owned())
    );
    assert_eq!(current_user(&ada).await["permissions"], json!([]));
}

/// Concurrent requests load their users with shared statements.
async fn concurrent_requests_authenticate_as_their_own_user(engine: Engine) {
    let server = TestServer::start(engine).await;
    let mut clients = Vec::new();
    for n in 0..20 {
        clients.push(server.signed_in(&format!("user{n}@example.com"), &["member"]).await);
    }
    let revoked = server.signed_in("revoked@example.com", &["member"]).await;
    assert_eq!(revoked.post("/api/auth/logout").send().await.status, 204);
    let requests = (0..200).map(|n| {
        let (client, revoked) = (&clients[n % clients.len()], &revoked);
        async move {
            if n % 7 == 0 {
                let response = revoked.get("/api/users/me").send().await;
                return assert_eq!(response.problem(), (401, "session_revoked".to_owned()));
            }
            assert_eq!(
                current_user(client).await["email"],
                format!("user{}@example.com", n % 20)
            );
        }
    });
    join_all(requests).await;
}

async fn session_list_is_paginated(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(server.client().sign_in("ada@example.com").await);
    }
    let newest_first: Vec<_> = clients.iter().rev().map(|client| json!(session_id(client))).collect();
    for limit in [1, 2, 5, 200] {
        for (client, path) in [
            (&clients[3], "/api/users/me/sessions".to_owned()),
            (&root, format!("/api/users/{user}/sessions")),
        ] {
            let listed = client.all_rows(&format!("{path}?limit={limit}")).await;
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
    let current = clients[3].all_rows("/api/users/me/sessions?limit=1").await;
    let current: Vec<_> = current.iter().map(|session| session["current"] == true).collect();
    assert_eq!(current, [false, true, false, false, false]);
}

async fn session_cursor_is_bound_to_its_list(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.user("ada@example.com", &["member"]).await;
    let bob = server.user("bob@example.com", &["member"]).await;
    let client = server.client().sign_in("ada@example.com").await;
    server.client().sign_in("ada@example.com").await;
    let page = client.get("/api/users/me/sessions?limit=1").send().await;
    let cursor = page
        .next_page()
        .expect("a next page")
        .rsplit_once("cursor=")
        .expect("a cursor")
        .1
        .to_owned();
    let path = |user: &str| format!("/api/users/{user}/sessions?cursor={cursor}");
    assert_eq!(root.get(&path(&ada)).send().await.status, 200);
    for path in [
        path(&bob),
        format!("/api/users/me/sessions?cursor={cursor}"),
        format!("/api/users?cursor={cursor}"),
    ] {
        let rejected = root.get(&path).send().await;
        assert_eq!(rejected.problem(), (422, "validation_failed".to_owned()), "{path}");
        assert_eq!(
            rejected.field_error(),
            ("?cursor".to_owned(), "invalid_format".to_owned())
        );
    }
}

async fn session_list_parameters_are_validated(engine: Engine) {
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
            let response = root.get(&format!("{path}?{query}")).send().await;
            assert_eq!(response.problem(), (422, "validation_failed".to_owned()), "{query}");
            assert_eq!(response.field_error(), (format!("?{name}"), code.to_owned()), "{query}");
        }
    }
}

async fn purge_deletes_sessions_that_expired_long_ago(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.clock.advance(TimeDelta::days(30 + 8));
    let fresh = server.client().sign_in("ada@example.com").await;
    assert_eq!(sessions::purge(&server.app).await.expect("purged"), 1);
    let refresh = json!({ "refresh_token": ada.tokens["refresh_token"] });
    let purged = post(&server.client(), "/api/auth/refresh", refresh).await;
    assert_eq!(purged.problem(), (401, "invalid_credentials".to_owned()));
    assert_eq!(fresh.get("/api/users/me").send().await.status, 200);
}
