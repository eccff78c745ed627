//! The embedded web app, if it was built.

use std::fs;

use crate::support::{Folder, Response, Server};

const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/app/dist/index.html");

#[test]
fn web_app_is_served_with_its_files_or_build_instructions() {
    let folder = Folder::new();
    let server = folder.serve();
    let page = open(&server, "/setup");
    assert_eq!(page.status, 200);
    let Ok(built) = fs::read_to_string(BUILT) else {
        assert!(page.text.contains("cargo xtask serve"), "{}", page.text);
        return;
    };
    assert_eq!(page.text, built);
    let scripts = references(&built, "src");
    assert!(!scripts.is_empty(), "{built}");
    for file in scripts.into_iter().chain(references(&built, "href")) {
        assert_eq!(server.get(file, None).status, 200, "{file}");
    }
}

/// Returns the paths in this attribute of a page.
fn references<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// Requests a page like a browser.
fn open(server: &Server, path: &str) -> Response {
    let mut connection = server.connect();
    connection.send(&format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    ));
    connection.response()
}
