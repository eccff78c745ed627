//! The quotas of networks and users, and the storage of quotas.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_domain::{EmailKind, rate_limit};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::support::{PASSWORD, WRONG_PASSWORD, login_from, retry_after, wrong_login_from};

on_each_database!(
    requests_of_a_network_are_rate_limited,
    forged_forwarding_headers_do_not_bypass_the_limit,
    sign_ups_of_a_network_are_rate_limited,
    email_changes_of_a_user_are_rate_limited,
    quota_is_shared_by_instances_and_purged_once_replenished,
    clock_set_back_does_not_lock_users_out,
    clock_that_is_behind_does_not_replenish_quotas,
);

async fn requests_of_a_network_are_rate_limited(engine: Engine) {
    // Each instance counts on its own.
    let instances = if engine == Engine::PostgresPair { 2 } else { 1 };
    let server = TestServer::start(engine).await;
    let malformed = async |from: &str| {
        let request = server.client().post("/api/auth/login").header("x-forwarded-for", from);
        request.body("application/json", "{").send().await
    };
    for _ in 0..150 * instances {
        assert_eq!(malformed("2001:db8::1").await.status, 400);
        assert_eq!(malformed("2001:db8:0:0:ffff::2").await.status, 400);
    }
    assert_eq!(
        retry_after(&malformed("2001:db8::3").await),
        3,
        "the limit applies before the body is read"
    );
    assert_eq!(malformed("2001:db8:0:1::1").await.status, 400, "a different network");
    assert_eq!(
        server
            .client()
            .get("/health/live")
            .header("x-forwarded-for", "2001:db8::1")
            .send()
            .await
            .status,
        200
    );
    server.clock.advance(TimeDelta::seconds(4));
    assert_eq!(malformed("2001:db8::1").await.status, 400);
}

/// Only the last address comes from the proxy, and all spellings of an address share its quota.
async fn forged_forwarding_headers_do_not_bypass_the_limit(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    for n in 0..10 {
        let from = format!("10.9.8.{n}, 203.0.113.9");
        assert_eq!(wrong_login_from(&server, "ada@example.com", &from).await, 401);
    }
    for from in [
        "1.2.3.4, 203.0.113.9",
        "203.0.113.9:4711",
        "::ffff:203.0.113.9",
        "203.0.113.9",
        "[::ffff:203.0.113.9]:80",
        "evil, 203.0.113.9,127.0.0.1",
    ] {
        assert_eq!(wrong_login_from(&server, "ada@example.com", from).await, 429, "{from}");
    }
    for path in ["/api/auth/login", "/api/auth/login/"] {
        let request = server.client().post(path).header("x-forwarded-for", "203.0.113.9");
        let request = request
            .header("forwarded", "for=1.2.3.4")
            .header("x-real-ip", "1.2.3.4");
        let body = json!({ "email": "ada@example.com", "password": WRONG_PASSWORD });
        assert_eq!(request.json(&body).send().await.status, 429, "{path}");
    }
}

async fn sign_ups_of_a_network_are_rate_limited(engine: Engine) {
    // Each instance counts on its own.
    let instances = if engine == Engine::PostgresPair { 2 } else { 1 };
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let sign_up = async |client: &Client, from: &str| {
        let request = client.post("/api/users").header("x-forwarded-for", from);
        request.body("application/json", "{").send().await
    };
    for _ in 0..1000 * instances {
        assert_eq!(sign_up(&server.client(), "192.0.2.1").await.status, 400);
    }
    for client in [&server.client(), &member, &server.client().with_access_token("stale")] {
        let rejected = sign_up(client, "192.0.2.1").await;
        assert_eq!(retry_after(&rejected), 1, "signing in does not bypass the limit");
    }
    assert_eq!(sign_up(&server.client(), "192.0.2.2").await.status, 400);
    assert_eq!(
        sign_up(&root, "192.0.2.1").await.status,
        400,
        "users who may create users are not limited"
    );
    assert_eq!(
        wrong_login_from(&server, "unknown@example.com", "192.0.2.1").await,
        401,
        "signing in has its own quota"
    );
}

async fn email_changes_of_a_user_are_rate_limited(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let grace = server.signed_in("grace@example.com", &["member"]).await;
    server.deliver_emails().await;
    let change = async |client: &Client, n: usize, from: &str| {
        let body = json!({ "new_email": format!("stranger{n}@example.com"), "current_password": PASSWORD });
        let request = client.post("/api/users/me/email").header("x-forwarded-for", from);
        request.json(&body).send().await
    };
    let mut links = 0;
    for n in 0..5 {
        assert_eq!(change(&ada, n, "192.0.2.1").await.status, 202);
        let sent = server.deliver_emails().await;
        links += sent.iter().filter(|email| email.kind == EmailKind::ChangeEmail).count();
    }
    assert_eq!(retry_after(&change(&ada, 5, "198.51.100.1").await), 720);
    let other_session = server.client().sign_in("ada@example.com").await;
    assert_eq!(retry_after(&change(&other_session, 6, "192.0.2.1").await), 720);
    let sent = server.deliver_emails().await;
    links += sent.iter().filter(|email| email.kind == EmailKind::ChangeEmail).count();
    assert_eq!(links, 5);
    assert_eq!(
        change(&grace, 7, "192.0.2.1").await.status,
        202,
        "other users have their own quota"
    );
    server.clock.advance(TimeDelta::minutes(13));
    assert_eq!(change(&ada, 8, "192.0.2.1").await.status, 202);
}

async fn quota_is_shared_by_instances_and_purged_once_replenished(engine: Engine) {
    let server = TestServer::start(engine).await;
    for _ in 0..11 {
        wrong_login_from(&server, "unknown@example.com", "192.0.2.1").await;
    }
    let other = server.another_instance();
    assert_eq!(wrong_login_from(&other, "unknown@example.com", "192.0.2.1").await, 429);
    assert_eq!(rate_limit::purge(&server.app).await.expect("purged"), 0);
    server.clock.advance(TimeDelta::minutes(16));
    assert_eq!(rate_limit::purge(&server.app).await.expect("purged"), 2);
    assert_eq!(wrong_login_from(&other, "unknown@example.com", "192.0.2.1").await, 401);
}

async fn clock_set_back_does_not_lock_users_out(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    server.clock.advance(TimeDelta::hours(1));
    for n in 0..10 {
        assert_eq!(
            wrong_login_from(&server, "ada@example.com", &format!("192.0.2.{n}")).await,
            401
        );
    }
    let response = login_from(&server, "ada@example.com", PASSWORD, "198.51.100.1", "attacker").await;
    assert_eq!(response.status, 200, "{}", response.text);
    server.clock.advance(TimeDelta::hours(-1));
    for from in ["192.0.2.1", "198.51.100.1", "203.0.113.1"] {
        let response = login_from(&server, "ada@example.com", PASSWORD, from, "browser").await;
        assert_eq!(response.status, 200, "from {from}: {}", response.text);
    }
}

/// The clocks of instances differ a little, and concurrent requests acquire quota in a different order than they read the
/// clock in.
async fn clock_that_is_behind_does_not_replenish_quotas(engine: Engine) {
    let server = TestServer::start(engine).await;
    let attempt = async || wrong_login_from(&server, "ada@example.com", "192.0.2.1").await;
    server.clock.advance(TimeDelta::seconds(10));
    for _ in 0..10 {
        assert_eq!(attempt().await, 401);
    }
    server.clock.advance(TimeDelta::seconds(-10));
    assert_eq!(attempt().await, 429);
}
