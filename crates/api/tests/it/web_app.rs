//! Serving the pages and files of the web app.

use actix_web::http::Method;
use vestibule_testing::{Engine, Response, TestServer, on_each_database};

on_each_database!(
    browsers_get_a_page_and_other_clients_get_json,
    web_app_files_are_served_and_unknown_files_are_not_found,
    percent_encoded_api_path_is_not_a_page,
);

/// Requests a path the way a browser opens a page.
async fn page(server: &TestServer, path: &str) -> Response {
    let accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    server.client().get(path).header("accept", accept).send().await
}

fn varies_by(response: &Response, name: &str) -> bool {
    let names = response.header("vary").unwrap_or_default();
    names.split(", ").any(|known| known.eq_ignore_ascii_case(name))
}

async fn browsers_get_a_page_and_other_clients_get_json(engine: Engine) {
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
    let not_found = server.client().get("/users/42").send().await;
    assert_eq!(not_found.problem(), (404, "not_found".to_owned()));
    assert!(varies_by(&not_found, "Accept"));
}

async fn web_app_files_are_served_and_unknown_files_are_not_found(engine: Engine) {
    let server = TestServer::start(engine).await;
    let reserved = [
        "/api/nothing",
        "/docs/nothing",
        "/health/x",
        "/problems",
        "/.well-known/x",
    ];
    for path in reserved
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
    let cached = get().header("if-none-match", tag).send().await;
    assert_eq!((cached.status, cached.text.as_str()), (304, ""));
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
    let rejected = server.client().post("/assets/app-1.js").send().await;
    assert_eq!(rejected.problem(), (405, "method_not_allowed".to_owned()));
    assert_eq!(rejected.header("allow"), Some("GET, HEAD"));
}

/// Percent-encoded and plain characters form the same path (RFC 3986, section 6.2.2.2).
async fn percent_encoded_api_path_is_not_a_page(engine: Engine) {
    let server = TestServer::start(engine).await;
    let page = server.client().get("/%61pi/nothing").header("accept", "text/html");
    assert_eq!(
        page.send().await.problem(),
        (404, "not_found".to_owned()),
        "not a page of the web app"
    );
    let wrong_method = server.client().delete("/%61pi/auth/login").send().await;
    assert_eq!(wrong_method.problem(), (405, "method_not_allowed".to_owned()));
}
