//! Refresh tokens in cookies.

use chrono::TimeDelta;
use serde_json::json;
use vestibule_testing::{Client, Engine, Request, Response, TestServer, on_each_database};

use crate::support::{ORIGIN, PASSWORD, from_web_app};

on_each_database!(
    page_at_a_different_url_of_the_server_names_the_setting,
    cookies_of_other_applications_may_contain_any_bytes,
    cookie_carries_the_refresh_token,
    cookie_requires_a_trusted_origin,
    invalid_cookie_is_cleared,
    sign_out_clears_the_cookie,
    sign_in_revokes_the_session_of_the_previous_cookie,
);

fn login_with_cookie(client: &Client) -> Request {
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "transport": "cookie" });
    client.post("/api/auth/login").json(&body)
}

/// Returns the value and the attributes of a cookie that a response sets.
fn cookie(response: &Response, name: &str) -> Option<(String, String)> {
    let lines = response
        .headers
        .get_all("set-cookie")
        .filter_map(|line| line.to_str().ok());
    let pairs = lines.filter_map(|line| line.split_once('='));
    let (_, rest) = pairs.into_iter().find(|(found, _)| *found == name)?;
    let (value, attributes) = rest.split_once("; ")?;
    Some((value.to_owned(), attributes.to_owned()))
}

/// Creates a user, signs in and returns the value of the refresh cookie.
async fn sign_in(server: &TestServer) -> String {
    server.user("ada@example.com", &["member"]).await;
    let response = from_web_app(login_with_cookie(&server.client())).send().await;
    assert_eq!(response.status, 200, "{}", response.text);
    cookie(&response, "vestibule_refresh").expect("a cookie").0
}

fn with_cookie(client: &Client, path: &str, token: &str) -> Request {
    client
        .post(path)
        .header("cookie", format!("other=1; vestibule_refresh={token}"))
}

async fn cookie_carries_the_refresh_token(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let response = from_web_app(login_with_cookie(&server.client())).send().await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert!(response.json().get("refresh_token").is_none() && response.json()["refresh_expires_in"] == 2_592_000);
    let (token, attributes) = cookie(&response, "vestibule_refresh").expect("a cookie");
    assert_eq!(attributes, "HttpOnly; SameSite=Strict; Path=/api/auth; Max-Age=2592000");
    let hint = cookie(&response, "vestibule_signed_in").expect("a hint");
    assert_eq!(
        hint,
        ("1".to_owned(), "SameSite=Strict; Path=/; Max-Age=2592000".to_owned())
    );

    let refresh = from_web_app(with_cookie(&server.client(), "/api/auth/refresh", &token))
        .send()
        .await;
    assert_eq!(refresh.status, 200, "{}", refresh.text);
    let (next, _) = cookie(&refresh, "vestibule_refresh").expect("a cookie");
    assert_ne!(next, token);
    let ada = server
        .client()
        .with_access_token(refresh.json()["access_token"].as_str().expect("a token"));
    assert_eq!(ada.get("/api/users/me").send().await.status, 200);
    let explicit = from_web_app(with_cookie(&server.client(), "/api/auth/refresh", &next));
    let repeated = explicit.json(&json!({ "transport": "cookie" })).send().await;
    assert_eq!(cookie(&repeated, "vestibule_refresh").expect("a cookie").0, next);

    let missing = server
        .client()
        .post("/api/auth/refresh")
        .json(&json!({ "transport": "cookie" }))
        .send()
        .await;
    assert_eq!((missing.status, missing.headers.get("set-cookie")), (204, None));
    let both = json!({ "transport": "cookie", "refresh_token": next });
    let both = from_web_app(server.client().post("/api/auth/refresh"))
        .json(&both)
        .send()
        .await;
    assert_eq!(
        both.field_error(),
        ("/transport".to_owned(), "not_allowed_value".to_owned())
    );
}

async fn cookie_requires_a_trusted_origin(engine: Engine) {
    let server = TestServer::start(engine).await;
    let token = sign_in(&server).await;
    let requests = || {
        let refresh = with_cookie(&server.client(), "/api/auth/refresh", &token);
        let logout = with_cookie(&server.client(), "/api/auth/logout", &token);
        [login_with_cookie(&server.client()), refresh, logout]
    };
    let before = server.hasher.hashes();
    for (origin, requested_with, reason) in [
        (None, Some("fetch"), "origin_missing"),
        (Some(ORIGIN), None, "requested_with_missing"),
        (Some(ORIGIN), Some(""), "requested_with_missing"),
        (Some("http://evil.example"), Some("fetch"), "origin_not_listed"),
        (Some("http://localhost:5173/"), Some("fetch"), "origin_not_listed"),
        (Some("null"), Some("fetch"), "origin_not_listed"),
    ] {
        for mut request in requests() {
            for (name, value) in [("origin", origin), ("x-requested-with", requested_with)] {
                request = if let Some(value) = value {
                    request.header(name, value)
                } else {
                    request
                };
            }
            let rejected = request.send().await;
            assert_eq!(rejected.problem(), (403, "origin_not_allowed".to_owned()));
            assert_eq!(rejected.json()["reason"], reason);
        }
    }
    assert_eq!(server.hasher.hashes(), before, "no password is hashed");
    for origin in [
        ORIGIN,
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:3000",
    ] {
        let refresh = with_cookie(&server.client(), "/api/auth/refresh", &token);
        let response = refresh
            .header("origin", origin)
            .header("x-requested-with", "x")
            .send()
            .await;
        assert_eq!(response.status, 200, "{origin}");
    }
}

async fn invalid_cookie_is_cleared(engine: Engine) {
    let server = TestServer::start(engine).await;
    let token = sign_in(&server).await;
    let refresh = async |token: &str| {
        from_web_app(with_cookie(&server.client(), "/api/auth/refresh", token))
            .send()
            .await
    };
    let forged = refresh("nonsense").await;
    assert_eq!(forged.problem(), (401, "invalid_credentials".to_owned()));
    for name in ["vestibule_refresh", "vestibule_signed_in"] {
        let (value, attributes) = cookie(&forged, name).expect("it is cleared");
        assert!(value.is_empty() && attributes.contains("Max-Age=0"), "{attributes}");
    }
    assert_eq!(refresh(&token).await.status, 200);
    server.clock.advance(TimeDelta::seconds(11));
    // The cookie is not cleared, because a different tab may have stored the cookie of a new session.
    let reused = refresh(&token).await;
    assert_eq!(
        (reused.problem().1.as_str(), cookie(&reused, "vestibule_refresh")),
        ("session_revoked", None)
    );
    server.clock.advance(TimeDelta::seconds(11));
    let later = refresh(&token).await;
    assert_eq!(later.problem(), (401, "session_revoked".to_owned()));
    assert!(cookie(&later, "vestibule_refresh").is_some_and(|(value, _)| value.is_empty()));
}

async fn sign_out_clears_the_cookie(engine: Engine) {
    let server = TestServer::start(engine).await;
    let token = sign_in(&server).await;
    let response = from_web_app(with_cookie(&server.client(), "/api/auth/logout", &token))
        .send()
        .await;
    assert_eq!(response.status, 204);
    assert!(cookie(&response, "vestibule_refresh").is_some_and(|(value, _)| value.is_empty()));
    let rejected = from_web_app(with_cookie(&server.client(), "/api/auth/refresh", &token))
        .send()
        .await;
    assert_eq!(rejected.problem(), (401, "session_revoked".to_owned()));
}

async fn sign_in_revokes_the_session_of_the_previous_cookie(engine: Engine) {
    let server = TestServer::start(engine).await;
    let previous = sign_in(&server).await;
    let refresh = async |token: &str| {
        from_web_app(with_cookie(&server.client(), "/api/auth/refresh", token))
            .send()
            .await
    };
    let credentials = |password: &str, transport: &str| json!({ "email": "ada@example.com", "password": password, "transport": transport });
    let sign_in = async |token: &str, body| {
        from_web_app(with_cookie(&server.client(), "/api/auth/login", token))
            .json(&body)
            .send()
            .await
    };
    assert_eq!(sign_in(&previous, credentials("wrong", "cookie")).await.status, 401);
    assert_eq!(sign_in(&previous, credentials(PASSWORD, "body")).await.status, 200);
    let previous = cookie(&refresh(&previous).await, "vestibule_refresh")
        .expect("the session is live")
        .0;

    let response = sign_in(&previous, credentials(PASSWORD, "cookie")).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert_eq!(refresh(&previous).await.problem(), (401, "session_revoked".to_owned()));
    let new = cookie(&response, "vestibule_refresh").expect("a cookie").0;
    assert_eq!(refresh(&new).await.status, 200);

    let grace = server.signed_in("grace@example.com", &["admin"]).await;
    let ended = grace.get("/api/audit-events?action=session.ended").send().await;
    assert_eq!(ended.json().as_array().map(Vec::len), Some(1), "{}", ended.text);
    // An invalid cookie revokes nothing and does not prevent signing in.
    assert_eq!(sign_in("nonsense", credentials(PASSWORD, "cookie")).await.status, 200);
    assert_eq!(refresh(&new).await.status, 200);
}

/// An operator who has not set the public URL opens the app through a proxy.
async fn page_at_a_different_url_of_the_server_names_the_setting(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let through_proxy = login_with_cookie(&server.client())
        .header("origin", "https://id.example")
        .header("x-forwarded-host", "id.example")
        .header("x-requested-with", "fetch");
    let rejected = through_proxy.send().await.json();
    assert_eq!(rejected["reason"], "public_url_differs");
    let detail = rejected["detail"].as_str().expect("a detail");
    assert!(
        detail.contains("set VESTIBULE_PUBLIC_URL to https://id.example"),
        "{detail}"
    );
    let page = server.client().get("/problems/origin_not_allowed").send().await;
    assert!(page.text.contains("public_url_differs"), "{}", page.text);
}

async fn cookies_of_other_applications_may_contain_any_bytes(engine: Engine) {
    let server = TestServer::start(engine).await;
    let token = sign_in(&server).await;
    let mut cookies = b"theme=caf\xe9; vestibule_refresh=".to_vec();
    cookies.extend(token.as_bytes());
    let refresh = from_web_app(server.client().post("/api/auth/refresh")).header("cookie", cookies);
    assert_eq!(refresh.send().await.status, 200);
}
