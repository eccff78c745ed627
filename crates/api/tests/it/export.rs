//! Exporting the data of the current user.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    bulk_rows::{add_events, add_sessions},
    support::{current_user_id, wrong_login_from},
};

on_each_database!(
    export_contains_own_data_and_nothing_about_other_users,
    export_of_many_pages_is_one_document,
    export_that_fails_midway_is_truncated,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![Row::signed_in("exportCurrentUser", 200)]
}

async fn export_contains_own_data_and_nothing_about_other_users(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let old = server.client().sign_in("ada@example.com").await;
    assert_eq!(old.post("/api/auth/logout").send().await.status, 204);
    let path = format!("/api/users/{}", current_user_id(&ada).await);
    let change = json!({ "email_verified": true });
    let change = root.patch(&path).header("user-agent", "root-browser").json(&change);
    assert_eq!(change.send().await.status, 200);
    assert_eq!(wrong_login_from(&server, "ada@example.com", "203.0.113.9").await, 401);

    let response = ada.get("/api/users/me/export").send().await;
    assert_eq!(
        (response.status, response.header("cache-control")),
        (200, Some("no-store"))
    );
    let export = response.json();
    assert_eq!(export["user"]["email"], "ada@example.com");
    assert!(export["last_sign_in_at"].is_string() && export["password_changed_at"].is_string());
    let sessions = export["sessions"].as_array().expect("a list");
    assert_eq!(sessions.len(), 2, "including the ended session");
    let current: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!(current[0]["id"], ada.tokens["session_id"]);
    let events = export["audit_events"].as_array().expect("a list");
    let actions: Vec<_> = events
        .iter()
        .map(|event| event["action"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        actions,
        [
            "session.refused",
            "user.updated",
            "session.ended",
            "session.started",
            "session.started",
            "user.created"
        ]
    );
    assert_eq!(events[3]["ip_address"], "127.0.0.1");
    let root_id = current_user_id(&root).await;
    for other in ["203.0.113.9", "attacker", "root", root_id.as_str(), "bcrypt", "secret"] {
        assert!(!response.text.contains(other), "{other} is in {}", response.text);
    }
}

async fn export_of_many_pages_is_one_document(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
    server.user("ada@example.com", &["member"]).await;
    add_sessions(&server, engine, "ada@example.com", 450).await;
    add_events(&server, engine, "ada@example.com", 950).await;
    let ada = server.client().sign_in("ada@example.com").await;
    let response = ada.get("/api/users/me/export").send().await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("content-length"), None);
    let export = response.json();
    let fields: Vec<_> = export.as_object().expect("an object").keys().cloned().collect();
    let mut expected = [
        "user",
        "last_sign_in_at",
        "password_changed_at",
        "pending_email",
        "factors",
        "mails",
        "sessions",
        "audit_events",
    ];
    expected.sort_unstable();
    assert_eq!(fields, expected);
    for (list, count) in [("mails", 2), ("sessions", 451), ("audit_events", 950 + 4)] {
        let rows = export[list].as_array().expect("a list");
        assert_eq!(rows.len(), count, "{list}");
        let ids: Vec<_> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
        assert!(
            ids.is_sorted_by(|a, b| a > b),
            "{list} is sorted newest first, without duplicates"
        );
    }
    let rejected = export["audit_events"].as_array().expect("a list").iter();
    let mut rejected = rejected.filter(|event| event["action"] == "session.refused");
    assert!(
        rejected.all(|event| event["ip_address"].is_null()),
        "addresses of other clients are omitted"
    );
    let head = ada
        .request(actix_web::http::Method::HEAD, "/api/users/me/export")
        .send()
        .await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

async fn export_that_fails_midway_is_truncated(engine: Engine) {
    let server = TestServer::without_rate_limits(engine).await;
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
            let mut response = Vec::new();
            // A reset ends the response as well as a regular close.
            let _ = stream.read_to_end(&mut response);
            String::from_utf8(response).expect("UTF-8")
        };
        actix_web::web::block(read).await.expect("the thread ends")
    };
    let complete = export().await;
    assert!(
        complete.starts_with("HTTP/1.1 200") && complete.ends_with("\r\n0\r\n\r\n"),
        "{complete}"
    );
    server
        .execute("ALTER TABLE audit_events RENAME TO no_audit_events")
        .await;
    let truncated = export().await;
    // If the query fails before the head is flushed, the connection closes without a response.
    assert!(
        truncated.is_empty() || truncated.starts_with("HTTP/1.1 200"),
        "{truncated}"
    );
    assert!(
        !truncated.ends_with("\r\n0\r\n\r\n"),
        "the final chunk is missing, so clients detect the truncation: {truncated}"
    );
}
