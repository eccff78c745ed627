//! Operations about the service itself: settings, documentation, problem types and health.

use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::authorization_matrix::Row;

on_each_database!(
    settings_are_public,
    openapi_document_and_swagger_ui_are_served,
    responses_of_the_api_are_not_cached,
    every_problem_type_has_a_page,
    health_checks_return_ok,
    well_known_uris_name_the_pages_and_origins,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::everyone("getServiceInfo", 200),
        Row::everyone("getLiveness", 200),
        Row::everyone("getReadiness", 200),
        Row::everyone("getProblemType", 200).path("code", async |_, _| "forbidden".to_owned()),
        Row::everyone("getJwks", 200),
        Row::everyone("getSettings", 200),
    ]
}

async fn settings_are_public(engine: Engine) {
    let server = TestServer::start(engine).await;
    let settings = server
        .client()
        .with_access_token("stale")
        .get("/api/settings")
        .send()
        .await
        .json();
    let expected = json!({
        "setup_required": true, "sign_up": "open", "require_verified_email": false,
        "password": { "min_length": 8, "max_length": 128 }, "mail": true, "passkeys": true
    });
    assert_eq!(settings, expected);
}

async fn openapi_document_and_swagger_ui_are_served(engine: Engine) {
    let server = TestServer::start(engine).await;
    let document = server.client().get("/openapi.json").send().await.json();
    assert_eq!(
        document,
        serde_json::from_str::<serde_json::Value>(&vestibule_api::openapi_json()).expect("JSON")
    );
    let redirect = server.client().get("/docs").send().await;
    assert_eq!((redirect.status, redirect.header("location")), (308, Some("/docs/")));
    let page = server.client().get("/docs/").send().await;
    assert!(
        page.text.contains("swagger-ui-bundle.js") && !page.text.contains("https://"),
        "{}",
        page.text
    );
    for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-initializer.js"] {
        assert_eq!(
            server.client().get(&format!("/docs/{file}")).send().await.status,
            200,
            "{file}"
        );
    }
    let initializer = server.client().get("/docs/swagger-initializer.js").send().await.text;
    assert!(
        initializer.contains("tryItOutEnabled") && !initializer.contains("persistAuthorization"),
        "persisting would store credentials in the browser: {initializer}"
    );
}

/// Responses may contain user data, however the path is percent-encoded (RFC 3986, section 6.2.2.2).
async fn responses_of_the_api_are_not_cached(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for path in ["/api/users/me", "/%61pi/users/me", "/api/users/%6De", "/%61pi/nothing"] {
        let response = ada.get(path).send().await;
        assert_eq!(
            response.header("cache-control"),
            Some("no-store"),
            "{path}: {}",
            response.status
        );
    }
}

/// Browsers and password managers send any `Accept`.
async fn well_known_uris_name_the_pages_and_origins(engine: Engine) {
    let server = TestServer::start(engine).await;
    let get = async |path: &str| {
        let request = server.client().get(&format!("/.well-known/{path}"));
        request.header("accept", "text/html,*/*;q=0.1").send().await
    };
    let endpoints = get("passkey-endpoints").await;
    let page = "http://localhost:8000/account/security";
    assert_eq!(endpoints.json(), json!({ "enroll": page, "manage": page }));
    let origins = get("webauthn").await;
    assert_eq!(origins.header("content-type"), Some("application/json"));
    assert_eq!(origins.json(), json!({ "origins": ["http://localhost:8000"] }));
    let redirect = get("change-password").await;
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (302, Some("/account/security"))
    );
}

async fn every_problem_type_has_a_page(engine: Engine) {
    let server = TestServer::start(engine).await;
    let problem = server.client().get("/api/users").send().await.json();
    let path = problem["type"]
        .as_str()
        .expect("a URL")
        .replace("http://localhost:8000", "");
    assert!(
        server
            .client()
            .get(&path)
            .send()
            .await
            .text
            .contains("Not authenticated")
    );
    assert_eq!(
        server.client().get("/problems/nothing").send().await.problem(),
        (404, "not_found".to_owned())
    );
}

async fn health_checks_return_ok(engine: Engine) {
    let server = TestServer::start(engine).await;
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(server.client().get(path).send().await.json(), json!({ "status": "ok" }));
    }
}
