//! The OAuth 2.0 token endpoint.

use serde_json::{Value, json};
use vestibule_testing::{Client, Engine, Response, TestServer, on_each_database};

use crate::authorization_matrix::Row;

on_each_database!(oauth_form_returns_tokens, oauth_errors_follow_rfc_6749);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        // The endpoint requires a form.
        Row::everyone("issueToken", 415).json(|_| json!({})),
    ]
}

async fn request_token(client: &Client, form: &str) -> Response {
    client
        .post("/api/auth/token")
        .body("application/x-www-form-urlencoded", form)
        .send()
        .await
}

async fn oauth_form_returns_tokens(engine: Engine) {
    let server = TestServer::start(engine).await;
    server.user("ada@example.com", &["member"]).await;
    let form = "grant_type=password&username=ada%40example.com&password=correct+horse+battery&scope=&client_id=&x=1";
    let request = server
        .client()
        .post("/api/auth/token")
        .header("authorization", "Basic Og==");
    let tokens = request.body("application/x-www-form-urlencoded", form).send().await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert_eq!(tokens.header("cache-control"), Some("no-store"));
    let tokens: Value = tokens.json();
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"]),
        (&json!("bearer"), &json!(1800))
    );
    let ada = server
        .client()
        .with_access_token(tokens["access_token"].as_str().expect("a token"));
    assert_eq!(ada.get("/api/users/me").send().await.json()["email"], "ada@example.com");

    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        tokens["refresh_token"].as_str().expect("a token")
    );
    assert_eq!(request_token(&server.client(), &form).await.status, 200);
}

async fn oauth_errors_follow_rfc_6749(engine: Engine) {
    let server = TestServer::start(engine).await;
    for (form, error) in [
        ("", "invalid_request"),
        ("grant_type=password", "invalid_request"),
        ("grant_type=password&grant_type=password", "invalid_request"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=password&username=a&password=b", "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=nonsense", "invalid_grant"),
    ] {
        let response = request_token(&server.client(), form).await;
        assert_eq!(
            (response.status, &response.json()["error"]),
            (400, &json!(error)),
            "{form}"
        );
        assert!(response.json()["error_description"].is_string());
    }
    let empty = server.client().post("/api/auth/token").send().await;
    assert_eq!(empty.json()["error"], "invalid_request");
}
