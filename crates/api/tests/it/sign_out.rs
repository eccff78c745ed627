//! Signing out with any of the tokens of a session.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{PASSWORD, from_web_app, is_live, post},
};

on_each_database!(
    sign_out_accepts_expired_and_invalid_tokens,
    sign_out_revokes_the_sessions_of_all_given_tokens,
    sign_out_with_two_tokens_of_one_session_writes_one_event,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![Row::everyone("logout", 204).json(|_| json!({ "refresh_token": "x" }))]
}

/// Signs in with a cookie; returns a client that sends the access token, and the value of the cookie.
async fn sign_in_with_cookie(server: &TestServer, email: &str) -> (Client, String) {
    let body = json!({ "email": email, "password": PASSWORD, "transport": "cookie" });
    let response = from_web_app(server.client().post("/api/auth/login").json(&body))
        .send()
        .await;
    assert_eq!(response.status, 200, "{}", response.text);
    let mut cookies = response
        .headers
        .get_all("set-cookie")
        .filter_map(|line| line.to_str().ok());
    let line = cookies.find_map(|line| line.strip_prefix("vestibule_refresh="));
    let value = line.and_then(|line| line.split(';').next()).expect("a cookie");
    let token = response.json()["access_token"].as_str().expect("a token").to_owned();
    (server.client().with_access_token(&token), value.to_owned())
}

async fn session_ended_events(root: &Client) -> Vec<Value> {
    let events = root.get("/api/audit-events?action=session.ended").send().await.json();
    events.as_array().expect("a list").clone()
}

async fn sign_out_accepts_expired_and_invalid_tokens(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let by_access_token = server.client().sign_in("ada@example.com").await;
    let by_refresh_token = server.client().sign_in("ada@example.com").await;
    let untouched = server.client().sign_in("ada@example.com").await;

    server.clock.advance(TimeDelta::hours(2));
    assert_eq!(by_access_token.post("/api/auth/logout").send().await.status, 204);
    let body = json!({ "refresh_token": by_refresh_token.tokens["refresh_token"] });
    assert_eq!(
        server.client().post("/api/auth/logout").json(&body).send().await.status,
        204
    );
    for invalid in [json!({ "refresh_token": "x" }), json!({})] {
        assert_eq!(
            server
                .client()
                .with_access_token("x")
                .post("/api/auth/logout")
                .json(&invalid)
                .send()
                .await
                .status,
            204
        );
    }
    for client in [&by_access_token, &by_refresh_token] {
        let body = json!({ "refresh_token": client.tokens["refresh_token"] });
        let rejected = post(&server.client(), "/api/auth/refresh", body).await;
        assert_eq!(rejected.problem(), (401, "session_revoked".to_owned()));
    }
    let body = json!({ "refresh_token": untouched.tokens["refresh_token"] });
    assert_eq!(post(&server.client(), "/api/auth/refresh", body).await.status, 200);
}

async fn sign_out_revokes_the_sessions_of_all_given_tokens(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let grace = server.signed_in("grace@example.com", &["member"]).await;
    server.user("ada@example.com", &["member"]).await;
    let bearer = server.client().sign_in("ada@example.com").await;
    let in_body = server.client().sign_in("ada@example.com").await;
    let (in_cookie, cookie) = sign_in_with_cookie(&server, "ada@example.com").await;
    let other = server.client().sign_in("ada@example.com").await;

    let body = json!({ "refresh_token": in_body.tokens["refresh_token"] });
    let request = bearer
        .post("/api/auth/logout")
        .header("cookie", format!("vestibule_refresh={cookie}"));
    let response = from_web_app(request.json(&body)).send().await;
    assert_eq!(response.status, 204, "{}", response.text);
    for client in [&bearer, &in_body, &in_cookie] {
        assert!(!is_live(client).await);
    }
    assert!(
        is_live(&other).await && is_live(&grace).await,
        "other sessions stay live"
    );
    assert_eq!(session_ended_events(&root).await.len(), 3);

    // The tokens of two users.
    let body = json!({ "refresh_token": grace.tokens["refresh_token"] });
    assert_eq!(other.post("/api/auth/logout").json(&body).send().await.status, 204);
    assert!(!is_live(&other).await && !is_live(&grace).await);
    let ended = session_ended_events(&root).await;
    assert_ne!(ended[0]["actor"]["id"], ended[1]["actor"]["id"]);
}

async fn sign_out_with_two_tokens_of_one_session_writes_one_event(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let body = json!({ "refresh_token": ada.tokens["refresh_token"] });
    assert_eq!(ada.post("/api/auth/logout").json(&body).send().await.status, 204);
    assert!(!is_live(&ada).await);
    assert_eq!(session_ended_events(&root).await.len(), 1);
    assert_eq!(ada.post("/api/auth/logout").json(&body).send().await.status, 204);
    assert_eq!(session_ended_events(&root).await.len(), 1);
}
