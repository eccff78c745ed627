//! The quota of password attempts for one account.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use vestibule_api::App;
use vestibule_domain::{
    AccessClaims, AccessTokens, Actor, BoxError, ClientInfo, EmailAddress, Error, Password, PasswordAttempt, Policy,
    TokenError,
    sign_in::{self, SignIn, SignInError},
    users::{self, NewUser},
};
use vestibule_security::HashSettings;
use vestibule_testing::{Engine, TestClock, TestDatabase, TestServer, app, on_each_database};

use crate::support::{NEW_PASSWORD, PASSWORD, WRONG_PASSWORD, login_from, retry_after, wrong_login_from};

on_each_database!(
    sign_in_with_wrong_password_is_rate_limited,
    known_network_or_device_signs_in_during_an_attack,
    attacker_with_known_user_agent_does_not_lock_the_owner_out,
    concurrent_attempts_do_not_exceed_the_quota,
    wrong_current_password_is_rate_limited,
    attempt_without_a_free_hash_thread_consumes_no_quota,
    correct_password_consumes_no_quota_if_the_sign_in_fails_later,
);

async fn sign_in_with_wrong_password_is_rate_limited(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    for email in ["ada@example.com", "unknown@example.com"] {
        let before = server.hasher.hashes();
        for n in 0..10 {
            assert_eq!(wrong_login_from(&server, email, &format!("192.0.2.{n}")).await, 401);
        }
        let rejected = login_from(&server, email, WRONG_PASSWORD, "192.0.2.1", "attacker").await;
        assert_eq!(retry_after(&rejected), 60);
        // A different network may attempt once a minute.
        assert_eq!(wrong_login_from(&server, email, "203.0.113.1").await, 401);
        let rejected = login_from(&server, email, WRONG_PASSWORD, "203.0.113.1", "attacker").await;
        assert_eq!(retry_after(&rejected), 60);
        assert_eq!(server.hasher.hashes() - before, 11, "a rejected attempt costs no hash");
    }
    let rejected = login_from(&server, "Ada@Example.com ", PASSWORD, "192.0.2.1", "attacker").await;
    assert_eq!(
        retry_after(&rejected),
        60,
        "a different spelling is the same account, and even the correct password must wait"
    );
    server.clock.advance(TimeDelta::seconds(61));
    assert_eq!(
        login_from(&server, "ada@example.com", PASSWORD, "192.0.2.1", "owner")
            .await
            .status,
        200
    );
    server.clock.advance(TimeDelta::minutes(15));
    for _ in 0..10 {
        assert_eq!(wrong_login_from(&server, "unknown@example.com", "192.0.2.1").await, 401);
    }
}

async fn known_network_or_device_signs_in_during_an_attack(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let ada = "ada@example.com";
    assert_eq!(
        login_from(&server, ada, PASSWORD, "2001:db8:1:2::7", "Firefox")
            .await
            .status,
        200
    );
    for n in 0..40 {
        let status = wrong_login_from(&server, ada, &format!("198.51.100.{n}")).await;
        assert_eq!(status, 401, "each new network has one attempt");
        if n > 10 {
            assert_eq!(wrong_login_from(&server, ada, &format!("198.51.100.{n}")).await, 429);
        }
    }
    let known_network = login_from(&server, ada, PASSWORD, "2001:db8:1:2:ffff::1", "Chrome").await;
    assert_eq!(known_network.status, 200, "{}", known_network.text);
    let known_device = login_from(&server, ada, PASSWORD, "198.51.100.20", "Firefox").await;
    assert_eq!(known_device.status, 200, "{}", known_device.text);
    let neither = login_from(&server, ada, PASSWORD, "198.51.100.21", "Opera").await;
    assert!((1..=60).contains(&retry_after(&neither)));
    assert_eq!(
        login_from(&server, ada, PASSWORD, "203.0.113.5", "Opera").await.status,
        200,
        "a new network has its own quota"
    );
}

/// A `User-Agent` is not a secret.
async fn attacker_with_known_user_agent_does_not_lock_the_owner_out(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let ada = "ada@example.com";
    assert_eq!(
        login_from(&server, ada, PASSWORD, "192.0.2.1", "Firefox").await.status,
        200
    );
    for n in 0..20 {
        let from = format!("198.51.100.{n}");
        assert_eq!(
            login_from(&server, ada, WRONG_PASSWORD, &from, "Firefox").await.status,
            401
        );
        if n >= 10 {
            let rejected = login_from(&server, ada, WRONG_PASSWORD, &from, "Firefox").await;
            assert!(retry_after(&rejected) <= 60);
        }
    }
    let attacking_network = login_from(&server, ada, PASSWORD, "198.51.100.3", "Firefox").await;
    assert!(retry_after(&attacking_network) <= 60);
    assert_eq!(
        login_from(&server, ada, PASSWORD, "203.0.113.5", "Firefox")
            .await
            .status,
        200
    );
}

async fn concurrent_attempts_do_not_exceed_the_quota(engine: Engine) {
    let server = TestServer::start(engine).await;
    let other = server.another_instance();
    server.user("ada@example.com", &["member"]).await;
    assert_eq!(
        login_from(&server, "ada@example.com", PASSWORD, "192.0.2.1", "Firefox")
            .await
            .status,
        200
    );
    let attempts = (0..40).map(|n| {
        let server = if n % 2 == 0 { &server } else { &other };
        wrong_login_from(server, "ada@example.com", "192.0.2.1")
    });
    let statuses = join_all(attempts).await;
    let count = |expected: u16| statuses.iter().filter(|status| **status == expected).count();
    assert_eq!((count(401), count(429)), (10, 30), "{statuses:?}");
}

async fn wrong_current_password_is_rate_limited(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let change = |current: &str| json!({ "current_password": current, "new_password": NEW_PASSWORD });
    for _ in 0..10 {
        let response = ada
            .put("/api/users/me/password")
            .json(&change(WRONG_PASSWORD))
            .send()
            .await;
        assert_eq!(response.problem(), (422, "validation_failed".to_owned()));
    }
    let body = json!({ "current_password": PASSWORD });
    assert_eq!(
        retry_after(&ada.post("/api/users/me/delete").json(&body).send().await),
        90
    );
    assert_eq!(
        retry_after(&ada.put("/api/users/me/password").json(&change(PASSWORD)).send().await),
        90
    );
    server.clock.advance(TimeDelta::seconds(91));
    assert_eq!(
        ada.put("/api/users/me/password")
            .json(&change(PASSWORD))
            .send()
            .await
            .status,
        204
    );
}

async fn attempt_without_a_free_hash_thread_consumes_no_quota(engine: Engine) {
    let busy = HashSettings {
        cost: 4,
        threads: 1,
        queue: 8,
        max_wait: Duration::ZERO,
    };
    let server = TestServer::with_hash_settings(engine, Policy::default(), busy).await;
    let idle = server.another_instance();
    let ada = idle.signed_in("ada@example.com", &["member"]).await;
    let ada = server
        .client()
        .with_access_token(ada.access_token.as_deref().expect("a token"));
    let change = json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD });
    for _ in 0..15 {
        let sign_in = login_from(&server, "ada@example.com", PASSWORD, "192.0.2.1", "Firefox").await;
        assert_eq!(sign_in.problem(), (503, "unavailable".to_owned()));
        let confirm = ada.put("/api/users/me/password").json(&change).send().await;
        assert_eq!(confirm.problem(), (503, "unavailable".to_owned()));
    }
}

/// An access token signer that always fails.
struct BrokenSigner;

impl AccessTokens for BrokenSigner {
    fn issue(&self, _: &AccessClaims) -> Result<String, BoxError> {
        Err("no signature".into())
    }

    fn read(&self, _: &str) -> Result<AccessClaims, TokenError> {
        Err(TokenError)
    }
}

async fn correct_password_consumes_no_quota_if_the_sign_in_fails_later(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let test_app = app(database.store(), TestClock::starting_now(), Policy::default(), None).app;
    let app = App {
        access_tokens: Arc::new(BrokenSigner),
        ..Arc::into_inner(test_app).expect("the only reference")
    };
    let new = NewUser {
        email: EmailAddress::parse("ada@example.com").expect("an email"),
        password: Some(Password::new_unchecked(PASSWORD)),
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
        assert!(matches!(sign_in(PASSWORD).await, Some(SignInError::Signing(_))));
    }
    for _ in 0..10 {
        assert!(matches!(
            sign_in(WRONG_PASSWORD).await,
            Some(SignInError::InvalidCredentials(_))
        ));
    }
    assert!(matches!(
        sign_in(PASSWORD).await,
        Some(SignInError::Other(Error::RateLimited(_)))
    ));
}
