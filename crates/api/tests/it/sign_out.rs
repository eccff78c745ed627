//! Signing out with several tokens at once.

use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, Request, TestServer, on_each_database};

on_each_database!(
    sign_out_ends_the_sessions_of_every_token_it_is_given,
    sign_out_with_two_tokens_of_one_session_writes_one_event,
);

fn from_page(request: Request) -> Request {
    request
        .header("origin", "http://localhost:5173")
        .header("x-requested-with", "fetch")
}

async fn cookie_of_a_session(server: &TestServer, email: &str) -> (Client, String) {
    let body = json!({ "email": email, "password": "correct horse battery", "transport": "cookie" });
    let answer = from_page(server.client().post("/api/auth/login").json(&body))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let mut cookies = answer
        .headers
        .get_all("set-cookie")
        .filter_map(|line| line.to_str().ok());
    let line = cookies.find_map(|line| line.strip_prefix("vestibule_refresh="));
    let value = line.and_then(|line| line.split(';').next()).expect("a cookie");
    let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
    (server.client().bearing(&token), value.to_owned())
}

async fn is_live(client: &Client) -> bool {
    let me = client.get("/api/users/me").send().await;
    me.status == 200 || {
        assert_eq!(me.problem(), (401, "session_revoked".to_owned()));
        false
    }
}

async fn events(root: &Client) -> Vec<Value> {
    let found = root.get("/api/audit-events?action=session.ended").send().await.json();
    found.as_array().expect("a list").clone()
}

async fn sign_out_ends_the_sessions_of_every_token_it_is_given(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let grace = server.signed_in("grace@example.com", &["member"]).await;
    server.user("ada@example.com", &["member"]).await;
    let bearer = server.client().sign_in("ada@example.com").await;
    let in_body = server.client().sign_in("ada@example.com").await;
    let (in_cookie, cookie) = cookie_of_a_session(&server, "ada@example.com").await;
    let other = server.client().sign_in("ada@example.com").await;

    let body = json!({ "refresh_token": in_body.tokens["refresh_token"] });
    let request = bearer
        .post("/api/auth/logout")
        .header("cookie", &format!("vestibule_refresh={cookie}"));
    let answer = from_page(request.json(&body)).send().await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    for client in [&bearer, &in_body, &in_cookie] {
        assert!(!is_live(client).await);
    }
    assert!(
        is_live(&other).await && is_live(&grace).await,
        "the others stay signed in"
    );
    assert_eq!(events(&root).await.len(), 3);

    // The tokens of two users.
    let body = json!({ "refresh_token": grace.tokens["refresh_token"] });
    assert_eq!(other.post("/api/auth/logout").json(&body).send().await.status, 204);
    assert!(!is_live(&other).await && !is_live(&grace).await);
    let ended = events(&root).await;
    assert_ne!(ended[0]["actor"]["id"], ended[1]["actor"]["id"]);
}

async fn sign_out_with_two_tokens_of_one_session_writes_one_event(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let body = json!({ "refresh_token": ada.tokens["refresh_token"] });
    assert_eq!(ada.post("/api/auth/logout").json(&body).send().await.status, 204);
    assert!(!is_live(&ada).await);
    assert_eq!(events(&root).await.len(), 1);
    assert_eq!(ada.post("/api/auth/logout").json(&body).send().await.status, 204);
    assert_eq!(events(&root).await.len(), 1);
}
