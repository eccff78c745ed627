//! What the service says about itself.

use actix_web::http::Method;
use serde_json::json;
use vestibule_testing::{Answer, Engine, TestServer, on_each_database};

on_each_database!(
    a_browser_gets_a_page_and_a_program_a_greeting,
    files_of_the_web_app_are_served_and_nothing_else_is_a_file,
    the_document_and_swagger_ui_are_served,
    a_path_that_no_route_answers_is_read_as_routes_are,
    what_is_about_people_is_stored_nowhere,
    each_problem_has_a_page,
    it_is_alive_and_ready,
);

async fn a_browser_gets_a_page_and_a_program_a_greeting(engine: Engine) {
    let server = TestServer::start(engine).await;
    let greeting = server.client().get("/").send().await;
    assert_eq!(greeting.json()["message"], "Hello World");
    assert!(varies_by(&greeting, "Accept"));
    for path in ["/", "/users/42", "/setup", "/apiary", "/a%2fb"] {
        let page = page(&server, path).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{path}"
        );
        assert!(page.text.contains("A small app"), "{path}");
        assert!(varies_by(&page, "Accept"), "{path}");
        let csp = page.header("content-security-policy").expect("a policy");
        assert!(csp.starts_with("default-src 'self';") && !csp.contains("unsafe"));
    }
    let nothing = server.client().get("/users/42").send().await;
    assert_eq!(nothing.problem(), (404, "not_found".to_owned()));
    assert!(varies_by(&nothing, "Accept"));
}

async fn files_of_the_web_app_are_served_and_nothing_else_is_a_file(engine: Engine) {
    let server = TestServer::start(engine).await;
    let own = [
        "/api/nothing",
        "/docs/nothing",
        "/health/x",
        "/problems",
        "/.well-known/x",
    ];
    for path in own
        .into_iter()
        .chain(["/assets/x.js", "/assets", "/robots.txt", "/openapi.json/x"])
    {
        assert_eq!(
            page(&server, path).await.problem(),
            (404, "not_found".to_owned()),
            "{path}"
        );
    }
    let get = || server.client().get("/assets/app-1.js");
    let plain = get().send().await;
    assert_eq!((plain.status, plain.text.as_str()), (200, "document.title = 'Works'"));
    assert_eq!(
        plain.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert!(varies_by(&plain, "Accept-Encoding"));
    let tag = plain.header("etag").expect("a tag");
    let again = get().header("if-none-match", tag).send().await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let compressed = server.client().request(Method::HEAD, "/assets/app-1.js");
    let compressed = compressed.header("accept-encoding", "gzip, br").send().await;
    assert_eq!(
        (compressed.status, compressed.header("content-encoding")),
        (200, Some("gzip"))
    );
    assert_eq!(
        (compressed.header("content-length"), compressed.text.as_str()),
        (Some("19"), "")
    );
    assert_ne!(compressed.header("etag"), Some(tag));
    let refused = server.client().post("/assets/app-1.js").send().await;
    assert_eq!(refused.problem(), (405, "method_not_allowed".to_owned()));
    assert_eq!(refused.header("allow"), Some("GET, HEAD"));
}

/// What a browser gets that opens a page.
async fn page(server: &TestServer, path: &str) -> Answer {
    let accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    server.client().get(path).header("accept", accept).send().await
}

fn varies_by(answer: &Answer, name: &str) -> bool {
    let names = answer.header("vary").unwrap_or_default();
    names.split(", ").any(|known| known.eq_ignore_ascii_case(name))
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

async fn a_path_that_no_route_answers_is_read_as_routes_are(engine: Engine) {
    let server = TestServer::start(engine).await;
    let page = server.client().get("/%61pi/nothing").header("accept", "text/html");
    assert_eq!(
        page.send().await.problem(),
        (404, "not_found".to_owned()),
        "no page of the web app"
    );
    let wrong = server.client().delete("/%61pi/auth/login").send().await;
    assert_eq!(wrong.problem(), (405, "method_not_allowed".to_owned()));
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
