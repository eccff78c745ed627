//! Staying signed in.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    each_use_replaces_the_token_and_repeats_within_the_grace,
    a_token_used_long_after_it_was_replaced_ends_the_session,
    fifty_who_refresh_at_once_get_the_same_token,
    forged_tokens_give_nothing,
    a_session_ends_however_often_it_is_refreshed,
    signing_out_ends_the_session_of_whatever_token_is_at_hand,
    sessions_that_ended_long_ago_are_forgotten,
);

async fn refresh(client: &Client, token: &Value) -> Answer {
    client
        .post("/api/auth/refresh")
        .json(&json!({ "refresh_token": token }))
        .send()
        .await
}

fn token_of(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["refresh_token"].clone()
}

async fn each_use_replaces_the_token_and_repeats_within_the_grace(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let (client, first) = (server.client(), ada.tokens["refresh_token"].clone());
    let second = token_of(&refresh(&client, &first).await);
    assert_ne!(first, second);
    server.clock.advance(TimeDelta::seconds(9));
    assert_eq!(token_of(&refresh(&client, &first).await), second);
    assert_eq!(token_of(&refresh(&client, &second).await), second);
    server.clock.advance(TimeDelta::seconds(2));
    let third = token_of(&refresh(&client, &second).await);
    assert_ne!(second, third);
    let nothing = client.post("/api/auth/refresh").send().await;
    assert_eq!((nothing.status, nothing.text.as_str()), (204, ""));
}

async fn a_token_used_long_after_it_was_replaced_ends_the_session(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let (client, stolen) = (server.client(), ada.tokens["refresh_token"].clone());
    let current = token_of(&refresh(&client, &stolen).await);
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

async fn fifty_who_refresh_at_once_get_the_same_token(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let first = ada.tokens["refresh_token"].clone();
    let another = server.another();
    let clients = [server.client(), another.client()];
    // Another instance cannot share a database in memory.
    let clients = if engine == Engine::Postgres {
        &clients[..]
    } else {
        &clients[..1]
    };
    let answers = join_all((0..50).map(|n| refresh(&clients[n % clients.len()], &first))).await;
    let successors: HashSet<String> = answers.iter().map(|answer| token_of(answer).to_string()).collect();
    assert_eq!(successors.len(), 1);
    assert!(!successors.contains(&first.to_string()));
}

async fn forged_tokens_give_nothing(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let good = ada.tokens["refresh_token"].as_str().expect("a token").to_owned();
    let flip = |at: usize| {
        let mut bytes = good.clone().into_bytes();
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
        format!("{good}A"),
        access,
    ] {
        let answer = refresh(&server.client(), &json!(forged)).await;
        assert_eq!(answer.problem(), (401, "invalid_credentials".to_owned()), "{forged}");
    }
    assert_eq!(refresh(&server.client(), &json!(good)).await.status, 200);
}

async fn a_session_ends_however_often_it_is_refreshed(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let mut token = ada.tokens["refresh_token"].clone();
    for _ in 0..29 {
        server.clock.advance(TimeDelta::days(1));
        token = token_of(&refresh(&server.client(), &token).await);
    }
    server.clock.advance(TimeDelta::days(1) - TimeDelta::minutes(5));
    let last = refresh(&server.client(), &token).await;
    let left = last.json()["expires_in"].as_i64().expect("seconds");
    assert!(
        (200..=300).contains(&left),
        "an access token does not outlive its session: {left}"
    );
    server.clock.advance(TimeDelta::minutes(5));
    assert_eq!(
        refresh(&server.client(), &token_of(&last)).await.problem(),
        (401, "session_revoked".to_owned())
    );
}

async fn signing_out_ends_the_session_of_whatever_token_is_at_hand(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let [one, other, kept] = [(); 3].map(|()| server.client());
    let (one, other) = (
        one.sign_in("ada@example.com").await,
        other.sign_in("ada@example.com").await,
    );
    let kept = kept.sign_in("ada@example.com").await;

    server.clock.advance(TimeDelta::hours(2));
    assert_eq!(one.post("/api/auth/logout").send().await.status, 204);
    let body = json!({ "refresh_token": other.tokens["refresh_token"] });
    assert_eq!(
        server.client().post("/api/auth/logout").json(&body).send().await.status,
        204
    );
    for nonsense in [json!({ "refresh_token": "x" }), json!({})] {
        assert_eq!(
            server
                .client()
                .bearing("x")
                .post("/api/auth/logout")
                .json(&nonsense)
                .send()
                .await
                .status,
            204
        );
    }
    for ended in [&one, &other] {
        let refused = refresh(&server.client(), &ended.tokens["refresh_token"]).await;
        assert_eq!(refused.problem(), (401, "session_revoked".to_owned()));
    }
    assert_eq!(
        refresh(&server.client(), &kept.tokens["refresh_token"]).await.status,
        200
    );
}

async fn sessions_that_ended_long_ago_are_forgotten(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    server.clock.advance(TimeDelta::days(30 + 8));
    let fresh = server.client().sign_in("ada@example.com").await;
    assert_eq!(vestibule_domain::sessions::purge(&server.app).await.expect("purged"), 1);
    let forgotten = refresh(&server.client(), &ada.tokens["refresh_token"]).await;
    assert_eq!(forgotten.problem(), (401, "invalid_credentials".to_owned()));
    assert_eq!(fresh.get("/api/users/me").send().await.status, 200);
}
