//! What the service says about itself.

use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

on_each_database!(
    a_browser_gets_a_page_and_a_program_a_greeting,
    the_document_and_swagger_ui_are_served,
    what_is_about_people_is_stored_nowhere,
    each_problem_has_a_page,
    it_is_alive_and_ready,
);

async fn a_browser_gets_a_page_and_a_program_a_greeting(engine: Engine) {
    let server = TestServer::start(engine).await;
    let greeting = server.client().get("/").send().await;
    assert_eq!(greeting.json()["message"], "Hello World");
    assert!(greeting.header("vary").is_some_and(|names| names.contains("Accept")));
    for path in ["/", "/users/42"] {
        let page = server
            .client()
            .get(path)
            .header("accept", "text/html,*/*;q=0.8")
            .send()
            .await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{path}"
        );
    }
    for path in ["/api/nothing", "/docs/nothing", "/assets/x.js", "/robots.txt"] {
        let answer = server.client().get(path).header("accept", "text/html").send().await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
}

async fn the_document_and_swagger_ui_are_served(engine: Engine) {
    let server = TestServer::start(engine).await;
    let document = server.client().get("/openapi.json").send().await.json();
    assert_eq!(
        document,
        serde_json::from_str::<serde_json::Value>(&vestibule_api::openapi_json()).expect("JSON")
    );
    let moved = server.client().get("/docs").send().await;
    assert_eq!((moved.status, moved.header("location")), (308, Some("/docs/")));
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
        "it would keep the password in the browser: {initializer}"
    );
}

/// A path is the same path however its letters are written (RFC 3986, section 6.2.2.2).
async fn what_is_about_people_is_stored_nowhere(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    for path in ["/api/users/me", "/%61pi/users/me", "/api/users/%6De", "/%61pi/nothing"] {
        let answer = ada.get(path).send().await;
        assert_eq!(
            answer.header("cache-control"),
            Some("no-store"),
            "{path}: {}",
            answer.status
        );
    }
}

async fn each_problem_has_a_page(engine: Engine) {
    let server = TestServer::start(engine).await;
    let problem = server.client().get("/api/users").send().await.json();
    let path = problem["type"]
        .as_str()
        .expect("an address")
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

async fn it_is_alive_and_ready(engine: Engine) {
    let server = TestServer::start(engine).await;
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(server.client().get(path).send().await.json(), json!({ "status": "ok" }));
    }
}
