//! The web app that the program holds, if it was built.

use std::fs;

use crate::support::{Answer, Folder, Server};

const BUILT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/app/dist/index.html");

#[test]
fn a_browser_gets_the_app_with_all_that_its_page_names_or_else_the_way_to_build_it() {
    let folder = Folder::new();
    let server = folder.serve();
    let page = open(&server, "/setup");
    assert_eq!(page.status, 200);
    let Ok(built) = fs::read_to_string(BUILT) else {
        assert!(page.text.contains("cargo xtask serve"), "{}", page.text);
        return;
    };
    assert_eq!(page.text, built);
    let scripts = named(&built, "src");
    assert!(!scripts.is_empty(), "{built}");
    for file in scripts.into_iter().chain(named(&built, "href")) {
        assert_eq!(server.get(file, None).status, 200, "{file}");
    }
}

/// The paths that a page names in this attribute.
fn named<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// Opens a page as a browser does.
fn open(server: &Server, path: &str) -> Answer {
    let mut connection = server.connect();
    connection.send(&format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    ));
    connection.answer()
}
