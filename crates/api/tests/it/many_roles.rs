//! Users with so many roles that an access token cannot carry their names.

use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(
    user_with_500_roles_signs_in_and_refreshes,
    role_names_are_left_out_only_of_long_tokens
);

async fn roles(server: &TestServer, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for n in 0..count {
        names.push(server.role(&format!("r{n:039}"), &json!([])).await);
    }
    names
}

async fn signed_in(server: &TestServer, email: &str, roles: &[String]) -> Client {
    let names: Vec<_> = roles.iter().map(String::as_str).collect();
    server.signed_in(email, &names).await
}

async fn role_count(client: &Client) -> usize {
    let me = client.get("/api/users/me").send().await;
    assert_eq!(me.status, 200, "{}", me.text);
    me.json()["roles"].as_array().expect("a list").len()
}

async fn user_with_500_roles_signs_in_and_refreshes(engine: Engine) {
    let server = TestServer::start(engine).await;
    let names = roles(&server, 500).await;
    let ada = signed_in(&server, "ada@example.com", &names).await;
    assert_eq!(role_count(&ada).await, 500);
    let body = json!({ "refresh_token": ada.tokens["refresh_token"] });
    let refreshed = server.client().post("/api/auth/refresh").json(&body).send().await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    let token = refreshed.json()["access_token"].as_str().expect("a token").to_owned();
    assert!(token.len() <= 4096, "{}", token.len());
    assert_eq!(role_count(&server.client().bearing(&token)).await, 500);
}

async fn role_names_are_left_out_only_of_long_tokens(engine: Engine) {
    let server = TestServer::start(engine).await;
    let names = roles(&server, 90).await;
    for (n, is_told) in [(0, true), (1, true), (40, true), (90, false)] {
        let email = format!("user{n}@example.com");
        let user = signed_in(&server, &email, &names[..n]).await;
        assert_eq!(role_count(&user).await, n);
        let token = user.access_token.clone().expect("a token");
        let claims = server.app.access_tokens.read(&token).expect("ours");
        assert_eq!(claims.roles.map(|roles| roles.len()), is_told.then_some(n));
        let written = written_claims(&token);
        assert_eq!(written.get("roles").is_some(), is_told, "{written}");
    }
}

fn written_claims(token: &str) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).expect("base64url")).expect("JSON")
}
