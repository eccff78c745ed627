//! Refreshing an access token.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::authorization_matrix::Row;

on_each_database!(
    refresh_rotates_the_token_and_repeats_within_the_grace_period,
    reuse_of_a_replaced_token_revokes_the_session,
    concurrent_refreshes_return_the_same_token,
    forged_refresh_token_is_rejected,
    session_expires_regardless_of_refreshes,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![Row::everyone("refreshTokens", 204)]
}

async fn refresh(client: &Client, token: &Value) -> Response {
    client
        .post("/api/auth/refresh")
        .json(&json!({ "refresh_token": token }))
        .send()
        .await
}

fn refresh_token(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.text);
    response.json()["refresh_token"].clone()
}

async fn refresh_rotates_the_token_and_repeats_within_the_grace_period(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let (client, first) = (server.client(), ada.tokens["refresh_token"].clone());
    let second = refresh_token(&refresh(&client, &first).await);
    assert_ne!(first, second);
    server.clock.advance(TimeDelta::seconds(9));
    assert_eq!(refresh_token(&refresh(&client, &first).await), second);
    assert_eq!(refresh_token(&refresh(&client, &second).await), second);
    server.clock.advance(TimeDelta::seconds(2));
    let third = refresh_token(&refresh(&client, &second).await);
    assert_ne!(second, third);
    let empty = client.post("/api/auth/refresh").send().await;
    assert_eq!((empty.status, empty.text.as_str()), (204, ""));
}

async fn reuse_of_a_replaced_token_revokes_the_session(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let (client, stolen) = (server.client(), ada.tokens["refresh_token"].clone());
    let current = refresh_token(&refresh(&client, &stolen).await);
    server.clock.advance(TimeDelta::seconds(11));
    for token in [&stolen, &current, &stolen] {
        assert_eq!(
            refresh(&client, token).await.problem(),
            (401, "session_revoked".to_owned())
        );
    }
    assert_eq!(
        ada.get("/api/users/me").send().await.problem(),
        (401, "session_revoked".to_owned())
    );
}

async fn concurrent_refreshes_return_the_same_token(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let first = ada.tokens["refresh_token"].clone();
    let another = server.another_instance();
    let clients = [server.client(), another.client()];
    // A second instance cannot share a database in memory.
    let clients = if engine == Engine::Postgres {
        &clients[..]
    } else {
        &clients[..1]
    };
    let responses = join_all((0..50).map(|n| refresh(&clients[n % clients.len()], &first))).await;
    let successors: HashSet<String> = responses
        .iter()
        .map(|response| refresh_token(response).to_string())
        .collect();
    assert_eq!(successors.len(), 1);
    assert!(!successors.contains(&first.to_string()));
}

async fn forged_refresh_token_is_rejected(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let valid = ada.tokens["refresh_token"].as_str().expect("a token").to_owned();
    let flip = |at: usize| {
        let mut bytes = valid.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).expect("ASCII")
    };
    let access = ada.access_token.clone().expect("a token");
    for forged in [
        String::new(),
        "x".to_owned(),
        flip(3),
        flip(23),
        flip(40),
        format!("{valid}A"),
        access,
    ] {
        let response = refresh(&server.client(), &json!(forged)).await;
        assert_eq!(response.problem(), (401, "invalid_credentials".to_owned()), "{forged}");
    }
    assert_eq!(refresh(&server.client(), &json!(valid)).await.status, 200);
}

async fn session_expires_regardless_of_refreshes(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut token = ada.tokens["refresh_token"].clone();
    for _ in 0..29 {
        server.clock.advance(TimeDelta::days(1));
        token = refresh_token(&refresh(&server.client(), &token).await);
    }
    server.clock.advance(TimeDelta::days(1) - TimeDelta::minutes(5));
    let last = refresh(&server.client(), &token).await;
    let remaining = last.json()["expires_in"].as_i64().expect("seconds");
    assert!(
        (200..=300).contains(&remaining),
        "an access token does not outlive its session: {remaining}"
    );
    server.clock.advance(TimeDelta::minutes(5));
    assert_eq!(
        refresh(&server.client(), &refresh_token(&last)).await.problem(),
        (401, "session_revoked".to_owned())
    );
}
