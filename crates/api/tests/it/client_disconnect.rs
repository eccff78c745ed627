//! Clients that disconnect while their password is being verified.

use std::time::Duration;

use actix_web::rt::{
    self,
    net::TcpStream,
    time::{sleep, timeout},
};
use serde_json::{Value, json};
use vestibule_domain::Policy;
use vestibule_security::HashSettings;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::support::{PASSWORD, WRONG_PASSWORD, login};

on_each_database!(
    abandoned_sign_in_with_correct_password_consumes_no_quota,
    abandoned_sign_in_with_wrong_password_consumes_quota,
    abandoned_confirmation_with_correct_password_consumes_no_quota,
    abandoned_sign_in_creates_no_session,
);

/// One thread, and hashes that take long enough to disconnect in the meantime.
const SLOW_HASHES: HashSettings = HashSettings {
    cost: 8,
    threads: 1,
    queue: 64,
    max_wait: Duration::from_mins(1),
};

async fn slow_server(engine: Engine) -> TestServer {
    TestServer::with_hash_settings(engine, Policy::default(), SLOW_HASHES).await
}

/// Sends a request and resets the connection while its password is being hashed.
async fn abandon(server: &TestServer, path: &str, headers: &str, body: &Value) {
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let before = server.hasher.hashes();
    let connection = TcpStream::connect(server.address()).await.expect("connected");
    connection.writable().await.expect("open");
    assert_eq!(connection.try_write(request.as_bytes()).expect("sent"), request.len());
    let started = async {
        while server.hasher.hashes() == before {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(20), started)
        .await
        .expect("the password is hashed");
    connection.set_zero_linger().expect("a reset");
    drop(connection);
    // Wait until the server has noticed and finished its work on the request.
    loop {
        let load = server.hasher.load();
        if load.running + load.waiting == 0 {
            break;
        }
        rt::task::yield_now().await;
    }
    sleep(Duration::from_millis(30)).await;
}

async fn abandon_sign_in(server: &TestServer, email: &str, password: &str) {
    let body = json!({ "email": email, "password": password });
    abandon(server, "/api/auth/login", "", &body).await;
}

async fn abandoned_sign_in_with_correct_password_consumes_no_quota(engine: Engine) {
    let server = slow_server(engine).await;
    server.user("ada@example.com", &["member"]).await;
    for _ in 0..12 {
        abandon_sign_in(&server, "ada@example.com", PASSWORD).await;
    }
    assert_eq!(login(&server.client(), "ada@example.com", PASSWORD).await.status, 200);
}

async fn abandoned_sign_in_with_wrong_password_consumes_quota(engine: Engine) {
    let server = slow_server(engine).await;
    server.user("ada@example.com", &["member"]).await;
    for _ in 0..10 {
        abandon_sign_in(&server, "ada@example.com", WRONG_PASSWORD).await;
    }
    assert_eq!(login(&server.client(), "ada@example.com", PASSWORD).await.status, 429);
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let rejected = root.get("/api/audit-events?action=session.refused").send().await.json();
    assert_eq!(
        rejected.as_array().map(Vec::len),
        Some(10),
        "each attempt is in the audit log"
    );
}

async fn abandoned_confirmation_with_correct_password_consumes_no_quota(engine: Engine) {
    let server = slow_server(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let authorization = format!(
        "Authorization: Bearer {}\r\n",
        root.access_token.as_deref().expect("a token")
    );
    // The last administrator cannot be deleted, even with the correct password.
    let body = json!({ "current_password": PASSWORD });
    for _ in 0..12 {
        abandon(&server, "/api/users/me/delete", &authorization, &body).await;
    }
    let rejected = root.post("/api/users/me/delete").json(&body).send().await;
    assert_eq!(rejected.problem(), (409, "last_admin".to_owned()));
    assert_eq!(login(&server.client(), "root@example.com", PASSWORD).await.status, 200);
}

async fn abandoned_sign_in_creates_no_session(engine: Engine) {
    let server = slow_server(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for _ in 0..3 {
        abandon_sign_in(&server, "ada@example.com", PASSWORD).await;
    }
    let sessions = ada.get("/api/users/me/sessions").send().await.json();
    assert_eq!(sessions.as_array().map(Vec::len), Some(1), "{sessions}");
}
