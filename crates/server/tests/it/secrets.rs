//! Secrets are not in the log, the metrics or error responses.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    mail::emails,
    support::{Folder, Server, post},
};

const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "wrong donkey accumulator";
const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";

/// The most verbose log of this program, and a verbose log of libraries.
const VERBOSE: &str = "info,vestibule_server=trace,vestibule_api=trace,vestibule_domain=trace,vestibule_persistence=trace,vestibule_security=trace,sqlx=debug,sea_orm=debug,actix_server=debug,actix_web=debug";

#[test]
fn secrets_are_not_in_logs_metrics_or_errors() {
    let folder = Folder::new();
    let inbox = folder.path().join("inbox");
    let server = folder.serve_with(&[
        ("VESTIBULE_SECRET_KEY", KEY),
        ("VESTIBULE_MAIL_URL", &format!("file:{}", inbox.display())),
        ("VESTIBULE_LOG_FORMAT", "json"),
        ("VESTIBULE_MANAGEMENT_ADDR", "127.0.0.1:0"),
        ("RUST_LOG", VERBOSE),
    ]);
    let management = server.management();
    let setup = setup_token(&server);
    let mut responses = Vec::new();
    let mut send = |path: &str, body: &Value| {
        let response = server.post(path, body);
        responses.push((path.to_owned(), response.status, response.text.clone()));
        response.body
    };
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    send(
        "/api/setup",
        &json!({ "token": setup, "email": "root@example.com", "password": PASSWORD }),
    );
    send("/api/users", &ada);
    send("/api/users", &ada);
    send(
        "/api/users",
        &json!({ "email": "eve", "password": PASSWORD, "unknown": PASSWORD }),
    );
    send(
        "/api/auth/login",
        &json!({ "email": "ada@example.com", "password": WRONG }),
    );
    send("/api/auth/login", &json!({ "email": PASSWORD, "password": WRONG }));
    send("/api/auth/refresh", &json!({ "refresh_token": WRONG }));
    send(
        "/api/setup",
        &json!({ "token": setup, "email": "eve@example.com", "password": PASSWORD }),
    );
    let mailed = submit_forged_links(&server, &inbox, &mut responses);
    let tokens = server.post("/api/auth/login", &ada).body;
    let renewed = server
        .post(
            "/api/auth/refresh",
            &json!({ "refresh_token": tokens["refresh_token"] }),
        )
        .body;
    let text = |tokens: &Value, name: &str| tokens[name].as_str().expect("a token").to_owned();
    let access = text(&tokens, "access_token");
    assert_eq!(server.get("/api/users/me", Some(&access)).status, 200);
    let change = json!({ "current_password": WRONG, "new_password": PASSWORD });
    responses.push((
        "wrong password".to_owned(),
        0,
        server.post_as(&access, "/api/users/me/delete", &change).text,
    ));
    let mut broken = server.connect();
    broken.send(&post("/api/auth/login", "Connection: close", &ada).replace("\"email\"", "\"email"));
    responses.push(("malformed".to_owned(), 0, broken.response().text));
    responses.push((
        "forged".to_owned(),
        0,
        server.get("/api/users/me", Some(&format!("{access}x"))).text,
    ));
    responses.push((
        "in the query".to_owned(),
        0,
        server
            .get(&format!("/api/users?token={WRONG}").replace(' ', "+"), Some(&access))
            .text,
    ));
    let metrics = management.get("/metrics", None).text;
    let log = server.stop().join("\n");
    assert!(log.contains("\"response sent\"") && log.lines().count() > 15, "{log}");

    let secrets = [
        ("password", PASSWORD.to_owned()),
        ("wrong password", WRONG.to_owned()),
        ("secret key", KEY.to_owned()),
        ("setup token", setup),
        ("access token", signature(&access)),
        ("new access token", signature(&text(&renewed, "access_token"))),
        ("refresh token", text(&tokens, "refresh_token")),
        ("new refresh token", text(&renewed, "refresh_token")),
        ("hash", "bcrypt-sha256$".to_owned()),
    ];
    responses.push(("metrics".to_owned(), 200, metrics));
    responses.push(("log".to_owned(), 0, log));
    let links = mailed.into_iter().map(|token| ("token of a link", token));
    for (name, secret) in secrets.into_iter().chain(links) {
        for (response, status, text) in &responses {
            assert!(
                !text.contains(secret.as_str()),
                "the {name} is in {response} {status}: {text}"
            );
        }
    }
}

/// Returns the token of the printed setup link.
fn setup_token(server: &Server) -> String {
    let line: Value = serde_json::from_str(&server.wait_for("#token=")).expect("a line of JSON");
    let token = line["link"].as_str().and_then(|link| link.split("#token=").nth(1));
    token.expect("a token").to_owned()
}

/// Requests a link, submits forged variants of the tokens of all links, and returns the secret parts of the tokens.
fn submit_forged_links(server: &Server, inbox: &Path, responses: &mut Vec<(String, u16, String)>) -> Vec<String> {
    let mut send = |path: &str, body: &Value| {
        let response = server.post(path, body);
        responses.push((path.to_owned(), response.status, response.text));
    };
    send("/api/auth/forgot-password", &json!({ "email": "ada@example.com" }));
    let mailed: Vec<_> = emails(inbox, 2).iter().map(|email| mac(email)).collect();
    for token in &mailed {
        let forged = format!("{}.{token}", "0".repeat(32));
        send(
            "/api/auth/reset-password",
            &json!({ "token": forged, "new_password": PASSWORD }),
        );
    }
    mailed
}

/// Returns the signature of an access token, without which the rest is useless.
fn signature(token: &str) -> String {
    token.rsplit('.').next().expect("a signature").to_owned()
}

/// Returns the MAC of the token in an email, without which the rest is useless.
fn mac(email: &str) -> String {
    let token = email.split("#token=").nth(1).expect("a link");
    let mac: String = token.chars().skip(33).take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(mac.len(), 64, "{email}");
    mac
}
