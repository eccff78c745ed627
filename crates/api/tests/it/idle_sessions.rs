//! Sessions that end if they are not used.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_domain::Policy;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::support::{is_live, post};

on_each_database!(
    idle_session_ends,
    requests_and_refreshes_count_as_use,
    idle_timeout_is_off_by_default
);

async fn server(engine: Engine) -> TestServer {
    let policy = Policy {
        session_idle_ttl: Some(TimeDelta::minutes(20)),
        ..Policy::default()
    };
    TestServer::with_policy(engine, policy).await
}

async fn idle_session_ends(engine: Engine) {
    let server = server(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.clock.advance(TimeDelta::minutes(20));
    assert!(!is_live(&ada).await);
    let refresh = json!({ "refresh_token": ada.tokens["refresh_token"] });
    let refreshed = post(&server.client(), "/api/auth/refresh", refresh).await;
    assert_eq!(refreshed.problem(), (401, "session_revoked".to_owned()));
    let ada = server.client().sign_in("ada@example.com").await;
    let sessions = ada.get("/api/users/me/sessions").send().await;
    assert_eq!(
        (
            sessions.json().as_array().map(Vec::len),
            sessions.header("x-total-count")
        ),
        (Some(1), Some("1"))
    );
}

async fn requests_and_refreshes_count_as_use(engine: Engine) {
    let server = server(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for _ in 0..4 {
        server.clock.advance(TimeDelta::minutes(7));
        // With two instances, each request goes to the other one.
        assert!(is_live(&ada).await);
    }
    let session = &ada.get("/api/users/me/sessions").send().await.json()[0];
    let time = |name: &str| -> chrono::DateTime<chrono::Utc> {
        session[name].as_str().expect("a time").parse().expect("a time")
    };
    let idle = time("idle_expires_at") - time("last_used_at");
    assert_eq!(idle, TimeDelta::minutes(20));
    assert!(time("last_used_at") - time("created_at") >= TimeDelta::minutes(26));
    server.clock.advance(TimeDelta::minutes(17));
    let refresh = json!({ "refresh_token": ada.tokens["refresh_token"] });
    let refreshed = post(&server.client(), "/api/auth/refresh", refresh).await;
    assert_eq!(refreshed.status, 200);
    server.clock.advance(TimeDelta::minutes(19));
    let token = refreshed.json()["access_token"].as_str().expect("a token").to_owned();
    assert!(is_live(&server.client().with_access_token(&token)).await);
}

async fn idle_timeout_is_off_by_default(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    assert_eq!(
        ada.get("/api/users/me/sessions").send().await.json()[0]["idle_expires_at"],
        json!(null)
    );
    server.clock.advance(TimeDelta::days(29));
    let refresh = json!({ "refresh_token": ada.tokens["refresh_token"] });
    assert_eq!(post(&server.client(), "/api/auth/refresh", refresh).await.status, 200);
}
