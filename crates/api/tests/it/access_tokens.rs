//! Access tokens: expiry, forgeries, deleted users, and users whose role names do not fit.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vestibule_domain::{AccessClaims, AccessTokens, Id};
use vestibule_security::{Jwt, JwtSettings, SecretKey};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(
    access_token_expires,
    forged_access_token_is_rejected,
    deleted_user_is_not_found,
    user_with_500_roles_signs_in_and_refreshes,
    role_names_are_omitted_only_from_long_tokens,
);

async fn access_token_expires(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    assert_eq!(ada.tokens["expires_in"], 1800);
    server.clock.advance(TimeDelta::seconds(1795));
    assert_eq!(ada.get("/api/users/me").send().await.status, 200);
    server.clock.advance(TimeDelta::seconds(6));
    let response = ada.get("/api/users/me").send().await;
    assert_eq!(response.problem(), (401, "token_expired".to_owned()));
    let challenge = response.header("www-authenticate").expect("a challenge");
    assert_eq!(challenge, "Bearer realm=\"vestibule\", error=\"invalid_token\"");
}

fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

async fn forged_access_token_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let token = ada.access_token.clone().expect("a token");
    let claims = server.app.access_tokens.read(&token).expect("a valid token");
    let issue = |secret: &str, claims: &AccessClaims| {
        let url = "http://localhost:8000".to_owned();
        let settings = JwtSettings {
            issuer: url.clone(),
            audience: url,
        };
        Jwt::with_shared_key(&SecretKey::parse(secret).expect("strong").into(), settings)
            .issue(claims)
            .expect("signed")
    };
    let wrong_key = issue("a guessable key of thirty-two bytes", &claims);
    let issue_valid = |claims: &AccessClaims| server.app.access_tokens.issue(claims).expect("signed");
    let other_user = issue_valid(&AccessClaims {
        user: Id::from_uuid(uuid(9)),
        ..claims.clone()
    });
    let from_tomorrow = issue_valid(&AccessClaims {
        not_before: claims.not_before + TimeDelta::days(1),
        ..claims.clone()
    });
    let refresh_token = ada.tokens["refresh_token"].as_str().expect("a token").to_owned();
    let (message, _) = token.rsplit_once('.').expect("three parts");
    for forged in [
        wrong_key,
        other_user,
        from_tomorrow,
        refresh_token,
        format!("{message}."),
        "x".repeat(20_000),
    ] {
        let response = server
            .client()
            .with_access_token(&forged)
            .get("/api/users/me")
            .send()
            .await;
        assert_eq!(
            response.problem(),
            (401, "unauthenticated".to_owned()),
            "{}",
            &forged[..forged.len().min(40)]
        );
        assert_eq!(response.json()["detail"], "Invalid authentication credentials");
    }
    let unknown_session = issue_valid(&AccessClaims {
        session: Id::from_uuid(uuid(9)),
        ..claims
    });
    let response = server
        .client()
        .with_access_token(&unknown_session)
        .get("/api/users/me")
        .send()
        .await;
    assert_eq!(response.problem(), (401, "session_revoked".to_owned()));

    let missing = server.client().get("/api/users/me").send().await;
    assert_eq!(missing.problem(), (401, "unauthenticated".to_owned()));
    assert_eq!(missing.json()["detail"], "Not authenticated");
    assert_eq!(missing.header("www-authenticate"), Some("Bearer realm=\"vestibule\""));
}

async fn deleted_user_is_not_found(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let id = server.user("ada@example.com", &["member"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(admin.delete(&format!("/api/users/{id}")).send().await.status, 204);
    for path in ["/api/users/me", "/api/users/me/sessions"] {
        assert_eq!(
            ada.get(path).send().await.problem(),
            (404, "user_not_found".to_owned()),
            "{path}"
        );
    }
    let by_id = ada.get(&format!("/api/users/{id}")).send().await;
    assert_eq!(by_id.problem(), (401, "unauthenticated".to_owned()));
    let refresh = json!({ "refresh_token": ada.tokens["refresh_token"] });
    let rejected = server.client().post("/api/auth/refresh").json(&refresh).send().await;
    assert_eq!(rejected.problem(), (401, "session_revoked".to_owned()));
}

async fn create_roles(server: &TestServer, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for n in 0..count {
        names.push(server.role(&format!("r{n:039}"), &json!([])).await);
    }
    names
}

async fn sign_in_with_roles(server: &TestServer, email: &str, roles: &[String]) -> Client {
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
    let names = create_roles(&server, 500).await;
    let ada = sign_in_with_roles(&server, "ada@example.com", &names).await;
    assert_eq!(role_count(&ada).await, 500);
    let body = json!({ "refresh_token": ada.tokens["refresh_token"] });
    let refreshed = server.client().post("/api/auth/refresh").json(&body).send().await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    let token = refreshed.json()["access_token"].as_str().expect("a token").to_owned();
    assert!(token.len() <= 4096, "{}", token.len());
    assert_eq!(role_count(&server.client().with_access_token(&token)).await, 500);
}

fn decode_claims(token: &str) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).expect("base64url")).expect("JSON")
}

async fn role_names_are_omitted_only_from_long_tokens(engine: Engine) {
    let server = TestServer::start(engine).await;
    let names = create_roles(&server, 90).await;
    for (n, are_listed) in [(0, true), (1, true), (40, true), (90, false)] {
        let email = format!("user{n}@example.com");
        let user = sign_in_with_roles(&server, &email, &names[..n]).await;
        assert_eq!(role_count(&user).await, n);
        let token = user.access_token.clone().expect("a token");
        let claims = server.app.access_tokens.read(&token).expect("a valid token");
        assert_eq!(claims.roles.map(|roles| roles.len()), are_listed.then_some(n));
        let decoded = decode_claims(&token);
        assert_eq!(decoded.get("roles").is_some(), are_listed, "{decoded}");
    }
}
