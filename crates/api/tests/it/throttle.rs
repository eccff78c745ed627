//! How often passwords may be tried.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use vestibule_api::App;
use vestibule_domain::{
    AccessClaims, AccessTokens, Actor, BoxError, ClientInfo, EmailAddress, EmailKind, Password, PasswordAttempt,
    Policy, SessionError, TokenError, rate_limit,
    sign_in::{self, SignIn},
    users::{self, NewUser},
};
use vestibule_security::HashSettings;
use vestibule_testing::{Answer, Client, Engine, TestClock, TestDatabase, TestServer, app, on_each_database};

on_each_database!(
    an_account_is_tried_ten_times_and_then_slowly,
    the_owner_gets_in_from_a_known_network_or_device,
    of_many_at_once_no_more_than_ten_are_tried,
    a_network_is_bounded_over_all_accounts,
    a_header_that_anybody_can_send_makes_nobody_another,
    a_wrong_current_password_counts,
    an_attacker_who_guesses_the_device_does_not_shut_the_owner_out,
    a_password_that_nobody_had_time_for_costs_no_turn,
    a_network_makes_so_many_accounts_and_no_more,
    address_changes_of_a_user_are_bounded,
    correct_password_consumes_no_quota_when_the_sign_in_fails_later,
    turns_outlive_an_instance_and_are_forgotten_when_they_are_back,
    clock_set_back_locks_nobody_out,
);

const OWN: &str = "correct horse battery";
const WRONG: &str = "wrong donkey accumulator";

/// Somebody tries a password from an address, which the proxy of the tests tells.
async fn attempt(server: &TestServer, email: &str, password: &str, from: &str, agent: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let request = server.client().post("/api/auth/login");
    let request = request.header("x-forwarded-for", from).header("user-agent", agent);
    request.json(&body).send().await
}

async fn wrong(server: &TestServer, email: &str, from: &str) -> u16 {
    attempt(server, email, WRONG, from, "attacker").await.status
}

fn retry_after(answer: &Answer) -> i64 {
    assert_eq!(answer.problem(), (429, "too_many_requests".to_owned()));
    answer
        .header("retry-after")
        .and_then(|text| text.parse().ok())
        .expect("seconds")
}

async fn an_account_is_tried_ten_times_and_then_slowly(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    for email in ["ada@example.com", "nobody@example.com"] {
        let before = server.hasher.hashes();
        for n in 0..10 {
            assert_eq!(wrong(&server, email, &format!("192.0.2.{n}")).await, 401);
        }
        let refused = attempt(&server, email, WRONG, "192.0.2.1", "attacker").await;
        assert_eq!(retry_after(&refused), 60);
        // Another network has one a minute.
        assert_eq!(wrong(&server, email, "203.0.113.1").await, 401);
        let refused = attempt(&server, email, WRONG, "203.0.113.1", "attacker").await;
        assert_eq!(retry_after(&refused), 60);
        assert_eq!(server.hasher.hashes() - before, 11, "what is refused costs no hash");
    }
    let refused = attempt(&server, "Ada@Example.com ", OWN, "192.0.2.1", "attacker").await;
    assert_eq!(
        retry_after(&refused),
        60,
        "another spelling is the same account, and the right password waits too"
    );
    server.clock.advance(TimeDelta::seconds(61));
    assert_eq!(
        attempt(&server, "ada@example.com", OWN, "192.0.2.1", "owner")
            .await
            .status,
        200
    );
    server.clock.advance(TimeDelta::minutes(15));
    for _ in 0..10 {
        assert_eq!(wrong(&server, "nobody@example.com", "192.0.2.1").await, 401);
    }
}

async fn the_owner_gets_in_from_a_known_network_or_device(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let ada = "ada@example.com";
    assert_eq!(
        attempt(&server, ada, OWN, "2001:db8:1:2::7", "Firefox").await.status,
        200
    );
    for n in 0..40 {
        let status = wrong(&server, ada, &format!("198.51.100.{n}")).await;
        assert_eq!(status, 401, "each new network has one more");
        if n > 10 {
            assert_eq!(wrong(&server, ada, &format!("198.51.100.{n}")).await, 429);
        }
    }
    let known_network = attempt(&server, ada, OWN, "2001:db8:1:2:ffff::1", "Chrome").await;
    assert_eq!(known_network.status, 200, "{}", known_network.text);
    let known_device = attempt(&server, ada, OWN, "198.51.100.20", "Firefox").await;
    assert_eq!(known_device.status, 200, "{}", known_device.text);
    let neither = attempt(&server, ada, OWN, "198.51.100.21", "Opera").await;
    assert!((1..=60).contains(&retry_after(&neither)));
    assert_eq!(
        attempt(&server, ada, OWN, "203.0.113.5", "Opera").await.status,
        200,
        "a new network has its own"
    );
}

async fn of_many_at_once_no_more_than_ten_are_tried(engine: Engine) {
    let server = TestServer::start(engine).await;
    let other = server.another();
    server.user("ada@example.com", &["member"]).await;
    assert_eq!(
        attempt(&server, "ada@example.com", OWN, "192.0.2.1", "Firefox")
            .await
            .status,
        200
    );
    let tries = (0..40).map(|n| {
        let server = if n % 2 == 0 { &server } else { &other };
        wrong(server, "ada@example.com", "192.0.2.1")
    });
    let statuses = join_all(tries).await;
    let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(401), count(429)), (10, 30), "{statuses:?}");
}

async fn a_network_is_bounded_over_all_accounts(engine: Engine) {
    // Each instance counts for itself.
    let instances = if engine == Engine::PostgresPair { 2 } else { 1 };
    let server = TestServer::start(engine).await;
    let broken = async |from: &str| {
        let request = server.client().post("/api/auth/login").header("x-forwarded-for", from);
        request.body("application/json", "{").send().await
    };
    for _ in 0..150 * instances {
        assert_eq!(broken("2001:db8::1").await.status, 400);
        assert_eq!(broken("2001:db8:0:0:ffff::2").await.status, 400);
    }
    assert_eq!(
        retry_after(&broken("2001:db8::3").await),
        3,
        "before anything is said about the body"
    );
    assert_eq!(broken("2001:db8:0:1::1").await.status, 400, "another network");
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
    assert_eq!(broken("2001:db8::1").await.status, 400);
}

/// Only the last address is what the proxy saw; spellings of one address are one.
async fn a_header_that_anybody_can_send_makes_nobody_another(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    for n in 0..10 {
        let from = format!("10.9.8.{n}, 203.0.113.9");
        assert_eq!(wrong(&server, "ada@example.com", &from).await, 401);
    }
    for from in [
        "1.2.3.4, 203.0.113.9",
        "203.0.113.9:4711",
        "::ffff:203.0.113.9",
        "203.0.113.9",
        "[::ffff:203.0.113.9]:80",
        "evil, 203.0.113.9,127.0.0.1",
    ] {
        assert_eq!(wrong(&server, "ada@example.com", from).await, 429, "{from}");
    }
    for path in ["/api/auth/login", "/api/auth/login/"] {
        let request = server.client().post(path).header("x-forwarded-for", "203.0.113.9");
        let request = request
            .header("forwarded", "for=1.2.3.4")
            .header("x-real-ip", "1.2.3.4");
        let body = json!({ "email": "ada@example.com", "password": WRONG });
        assert_eq!(request.json(&body).send().await.status, 429, "{path}");
    }
}

async fn a_wrong_current_password_counts(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let change = |current: &str| json!({ "current_password": current, "new_password": "staple remembered" });
    for _ in 0..10 {
        let answer = ada.put("/api/users/me/password").json(&change(WRONG)).send().await;
        assert_eq!(answer.problem(), (422, "validation_failed".to_owned()));
    }
    let body = json!({ "current_password": OWN });
    assert_eq!(
        retry_after(&ada.post("/api/users/me/delete").json(&body).send().await),
        90
    );
    assert_eq!(
        retry_after(&ada.put("/api/users/me/password").json(&change(OWN)).send().await),
        90
    );
    server.clock.advance(TimeDelta::seconds(91));
    assert_eq!(
        ada.put("/api/users/me/password").json(&change(OWN)).send().await.status,
        204
    );
}

/// A `User-Agent` is no secret.
async fn an_attacker_who_guesses_the_device_does_not_shut_the_owner_out(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let ada = "ada@example.com";
    assert_eq!(attempt(&server, ada, OWN, "192.0.2.1", "Firefox").await.status, 200);
    for n in 0..20 {
        let from = format!("198.51.100.{n}");
        assert_eq!(attempt(&server, ada, WRONG, &from, "Firefox").await.status, 401);
        if n >= 10 {
            let refused = attempt(&server, ada, WRONG, &from, "Firefox").await;
            assert!(retry_after(&refused) <= 60);
        }
    }
    let used = attempt(&server, ada, OWN, "198.51.100.3", "Firefox").await;
    assert!(retry_after(&used) <= 60, "it took part in the attack");
    assert_eq!(attempt(&server, ada, OWN, "203.0.113.5", "Firefox").await.status, 200);
}

async fn a_password_that_nobody_had_time_for_costs_no_turn(engine: Engine) {
    let busy = HashSettings {
        cost: 4,
        threads: 1,
        queue: 8,
        max_wait: Duration::ZERO,
    };
    let server = TestServer::hashing(engine, Policy::default(), busy).await;
    let idle = server.another();
    let ada = idle.signed_in("ada@example.com", &["member"]).await;
    let ada = server.client().bearing(ada.access_token.as_deref().expect("a token"));
    let change = json!({ "current_password": OWN, "new_password": "staple remembered" });
    for _ in 0..15 {
        let sign_in = attempt(&server, "ada@example.com", OWN, "192.0.2.1", "Firefox").await;
        assert_eq!(sign_in.problem(), (503, "unavailable".to_owned()));
        let confirm = ada.put("/api/users/me/password").json(&change).send().await;
        assert_eq!(confirm.problem(), (503, "unavailable".to_owned()));
    }
}

async fn a_network_makes_so_many_accounts_and_no_more(engine: Engine) {
    // Each instance counts for itself.
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
    for client in [&server.client(), &member, &server.client().bearing("stale")] {
        let refused = sign_up(client, "192.0.2.1").await;
        assert_eq!(
            retry_after(&refused),
            1,
            "an account of one's own is no way around the limit"
        );
    }
    assert_eq!(sign_up(&server.client(), "192.0.2.2").await.status, 400);
    assert_eq!(
        sign_up(&root, "192.0.2.1").await.status,
        400,
        "who is known is not meant"
    );
    assert_eq!(
        wrong(&server, "nobody@example.com", "192.0.2.1").await,
        401,
        "nor is signing in"
    );
}

async fn address_changes_of_a_user_are_bounded(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let grace = server.signed_in("grace@example.com", &["member"]).await;
    server.mail().await;
    let change = async |client: &Client, n: usize, from: &str| {
        let body = json!({ "new_email": format!("stranger{n}@example.com"), "current_password": OWN });
        let request = client.post("/api/users/me/email").header("x-forwarded-for", from);
        request.json(&body).send().await
    };
    let mut links = 0;
    for n in 0..5 {
        assert_eq!(change(&ada, n, "192.0.2.1").await.status, 202);
        let sent = server.mail().await;
        links += sent
            .iter()
            .filter(|letter| letter.kind == EmailKind::ChangeEmail)
            .count();
    }
    assert_eq!(retry_after(&change(&ada, 5, "198.51.100.1").await), 720);
    let other_session = server.client().sign_in("ada@example.com").await;
    assert_eq!(retry_after(&change(&other_session, 6, "192.0.2.1").await), 720);
    let sent = server.mail().await;
    links += sent
        .iter()
        .filter(|letter| letter.kind == EmailKind::ChangeEmail)
        .count();
    assert_eq!(links, 5);
    assert_eq!(
        change(&grace, 7, "192.0.2.1").await.status,
        202,
        "other users have their own"
    );
    server.clock.advance(TimeDelta::minutes(13));
    assert_eq!(change(&ada, 8, "192.0.2.1").await.status, 202);
}

/// Signs nothing, as a signer that fails does.
struct BrokenSigner;

impl AccessTokens for BrokenSigner {
    fn issue(&self, _: &AccessClaims) -> Result<String, BoxError> {
        Err("no signature".into())
    }

    fn read(&self, _: &str) -> Result<AccessClaims, TokenError> {
        Err(TokenError)
    }
}

async fn correct_password_consumes_no_quota_when_the_sign_in_fails_later(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let made = app(database.store(), TestClock::starting_now(), Policy::default(), None).app;
    let app = App {
        access_tokens: Arc::new(BrokenSigner),
        ..Arc::into_inner(made).expect("nobody else has it")
    };
    let new = NewUser {
        email: EmailAddress::parse("ada@example.com").expect("an address"),
        password: Some(Password::attempt(OWN)),
        display_name: None,
        roles: None,
        email_verified: false,
    };
    users::create(&app, &Actor::operator(), new, None)
        .await
        .expect("created");
    let sign_in = async |password: &str| {
        let cmd = SignIn {
            email: "ada@example.com".to_owned(),
            password: PasswordAttempt::new(password),
            replaces: None,
            client: ClientInfo::default(),
        };
        sign_in::sign_in(&app, cmd).await.err()
    };
    for _ in 0..12 {
        assert!(matches!(sign_in(OWN).await, Some(SessionError::Token(_))));
    }
    for _ in 0..10 {
        assert!(matches!(sign_in(WRONG).await, Some(SessionError::InvalidCredentials)));
    }
    assert!(matches!(sign_in(OWN).await, Some(SessionError::RateLimited(_))));
}

async fn turns_outlive_an_instance_and_are_forgotten_when_they_are_back(engine: Engine) {
    let server = TestServer::start(engine).await;
    for _ in 0..11 {
        wrong(&server, "nobody@example.com", "192.0.2.1").await;
    }
    let later = server.another();
    assert_eq!(wrong(&later, "nobody@example.com", "192.0.2.1").await, 429);
    assert_eq!(rate_limit::purge(&server.app).await.expect("purged"), 0);
    server.clock.advance(TimeDelta::minutes(16));
    assert_eq!(rate_limit::purge(&server.app).await.expect("purged"), 2);
    assert_eq!(wrong(&later, "nobody@example.com", "192.0.2.1").await, 401);
}

async fn clock_set_back_locks_nobody_out(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    server.clock.advance(TimeDelta::hours(1));
    for n in 0..10 {
        assert_eq!(wrong(&server, "ada@example.com", &format!("192.0.2.{n}")).await, 401);
    }
    let answer = attempt(&server, "ada@example.com", OWN, "198.51.100.1", "attacker").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    server.clock.advance(TimeDelta::hours(-1));
    for from in ["192.0.2.1", "198.51.100.1", "203.0.113.1"] {
        let answer = attempt(&server, "ada@example.com", OWN, from, "browser").await;
        assert_eq!(answer.status, 200, "from {from}: {}", answer.text);
    }
}
