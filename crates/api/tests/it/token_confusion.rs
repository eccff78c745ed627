//! Tokens of one kind presented where a different kind is expected.

use serde_json::json;
use vestibule_api::setup_path;
use vestibule_domain::{EmailKind, setup};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::support::{PASSWORD, reset_link, sign_up};

on_each_database!(each_kind_of_token_is_accepted_only_for_its_purpose);

/// The kinds of tokens, each with an endpoint that accepts it.
const KINDS: [&str; 7] = ["access", "refresh", "setup", "cursor", "verify", "change", "reset"];

/// Sends a token to the endpoint for a kind and returns whether the endpoint accepted it.
async fn accepts(kind: &str, token: &str, client: &Client, admin: &Client) -> bool {
    let response = match kind {
        "access" => client.with_access_token(token).get("/api/users/me").send().await,
        "refresh" => {
            let body = json!({ "refresh_token": token });
            let form = format!("grant_type=refresh_token&refresh_token={token}");
            let oauth = client
                .post("/api/auth/token")
                .body("application/x-www-form-urlencoded", form);
            let oauth = oauth.send().await.status;
            let json = client.post("/api/auth/refresh").json(&body).send().await;
            assert_eq!(json.status == 200, oauth == 200, "{kind}: {}", json.text);
            json
        }
        "setup" => {
            let body = json!({ "token": token, "email": "first@example.com", "password": PASSWORD });
            client.post("/api/setup").json(&body).send().await
        }
        "verify" => {
            let body = json!({ "token": token, "password": PASSWORD });
            client.post("/api/auth/verify-email").json(&body).send().await
        }
        "change" => {
            let body = json!({ "token": token });
            client.post("/api/auth/confirm-email-change").json(&body).send().await
        }
        "reset" => {
            let body = json!({ "token": token, "new_password": PASSWORD });
            client.post("/api/auth/reset-password").json(&body).send().await
        }
        "cursor" => admin.get(&format!("/api/users?limit=1&cursor={token}")).send().await,
        other => panic!("no such kind: {other}"),
    };
    response.status < 300
}

/// Returns a token from an emailed link of each kind.
async fn one_time_tokens(server: &TestServer) -> [(&'static str, String); 3] {
    let client = server.client();
    let email = "grace@example.com";
    assert_eq!(sign_up(server, email).await.status, 201);
    let verify = server.link(EmailKind::VerifyEmail).await;
    let change = json!({ "new_email": "hopper@example.com", "current_password": PASSWORD });
    let change = client.sign_in(email).await.post("/api/users/me/email").json(&change);
    assert_eq!(change.send().await.status, 202);
    let change = server.link(EmailKind::ChangeEmail).await;
    // For a different user, because an email change invalidates it.
    let reset = reset_link(server, "other@example.com").await;
    [("verify", verify), ("change", change), ("reset", reset)]
}

async fn each_kind_of_token_is_accepted_only_for_its_purpose(engine: Engine) {
    // So many invalid tokens would exceed the rate limits.
    let server = TestServer::without_rate_limits(engine).await;
    let setup = setup::token(&server.app).await.expect("read").expect("open");
    let setup = setup_path(&setup).replace("/setup#token=", "");
    // A reader of users rather than an administrator, so that setup stays open.
    let reader = json!(["users:read"]);
    let reader = server.role("reader", &reader).await;
    let admin = server.signed_in("reader@example.com", &[&reader]).await;
    server.user("other@example.com", &["member"]).await;
    let page = admin.get("/api/users?limit=1").send().await;
    let cursor = page
        .next_page()
        .expect("a next page")
        .split("cursor=")
        .nth(1)
        .expect("a cursor")
        .to_owned();
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let text = |name: &str| ada.tokens[name].as_str().expect("a token").to_owned();
    server.deliver_emails().await;
    let mut tokens = vec![
        ("access", text("access_token")),
        ("refresh", text("refresh_token")),
        ("cursor", cursor),
    ];
    tokens.extend(one_time_tokens(&server).await);
    tokens.push(("setup", setup));
    // First, every other endpoint rejects the still valid token; then its own endpoint accepts it.
    for (kind, token) in &tokens {
        for other in KINDS.iter().filter(|other| *other != kind) {
            let accepted = accepts(other, token, &server.client(), &admin).await;
            assert!(!accepted, "a {kind} token as a {other} token");
        }
    }
    for (kind, token) in &tokens {
        let accepted = accepts(kind, token, &server.client(), &admin).await;
        assert!(accepted, "a {kind} token for its own purpose");
    }
    let session = text("session_id");
    for kind in KINDS {
        assert!(
            !accepts(kind, &session, &server.client(), &admin).await,
            "a session id is not a {kind} token"
        );
    }
}
