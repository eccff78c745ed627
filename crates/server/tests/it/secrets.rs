//! What is secret stays out of the log, the metrics and the errors.

use serde_json::{Value, json};

use crate::support::{Folder, post};

const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "wrong donkey accumulator";
const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";

/// All that our own code has to say, at its most talkative, and what libraries say in earnest.
const TALKATIVE: &str = "info,vestibule_server=trace,vestibule_api=trace,vestibule_domain=trace,vestibule_persistence=trace,vestibule_security=trace,sqlx=debug,sea_orm=debug,actix_server=debug,actix_web=debug";

#[test]
fn nothing_secret_is_logged_measured_or_told() {
    let folder = Folder::new();
    let server = folder.serve_with(&[
        ("VESTIBULE_SECRET_KEY", KEY),
        ("VESTIBULE_LOG_FORMAT", "json"),
        ("VESTIBULE_MANAGEMENT_ADDR", "127.0.0.1:0"),
        ("RUST_LOG", TALKATIVE),
    ]);
    let management = server.managed();
    let link = server.wait_for("#token=");
    let setup: Value = serde_json::from_str(&link).expect("the link is a line of JSON too");
    let setup = setup["link"]
        .as_str()
        .and_then(|link| link.split("#token=").nth(1))
        .expect("a token")
        .to_owned();
    let mut answers = Vec::new();
    let mut ask = |path: &str, body: &Value| {
        let answer = server.post(path, body);
        answers.push((path.to_owned(), answer.status, answer.text.clone()));
        answer.body
    };
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    ask(
        "/api/setup",
        &json!({ "token": setup, "email": "root@example.com", "password": PASSWORD }),
    );
    ask("/api/users", &ada);
    ask("/api/users", &ada);
    ask(
        "/api/users",
        &json!({ "email": "eve", "password": PASSWORD, "surprise": PASSWORD }),
    );
    ask(
        "/api/auth/login",
        &json!({ "email": "ada@example.com", "password": WRONG }),
    );
    ask("/api/auth/login", &json!({ "email": PASSWORD, "password": WRONG }));
    ask("/api/auth/refresh", &json!({ "refresh_token": WRONG }));
    ask(
        "/api/setup",
        &json!({ "token": setup, "email": "eve@example.com", "password": PASSWORD }),
    );
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
    answers.push((
        "wrong password".to_owned(),
        0,
        server.post_as(&access, "/api/users/me/delete", &change).text,
    ));
    let mut broken = server.connect();
    broken.send(&post("/api/auth/login", "Connection: close", &ada).replace("\"email\"", "\"email"));
    answers.push(("malformed".to_owned(), 0, broken.answer().text));
    answers.push((
        "forged".to_owned(),
        0,
        server.get("/api/users/me", Some(&format!("{access}x"))).text,
    ));
    answers.push((
        "in the query".to_owned(),
        0,
        server
            .get(&format!("/api/users?token={WRONG}").replace(' ', "+"), Some(&access))
            .text,
    ));
    let metrics = management.get("/metrics", None).text;
    let log = server.stop().join("\n");
    assert!(log.contains("\"answered\"") && log.lines().count() > 15, "{log}");

    let secrets = [
        ("password", PASSWORD.to_owned()),
        ("wrong password", WRONG.to_owned()),
        ("server key", KEY.to_owned()),
        ("setup token", setup),
        ("access token", signature(&access)),
        ("new access token", signature(&text(&renewed, "access_token"))),
        ("refresh token", text(&tokens, "refresh_token")),
        ("new refresh token", text(&renewed, "refresh_token")),
        ("hash", "bcrypt-sha256$".to_owned()),
    ];
    answers.push(("metrics".to_owned(), 200, metrics));
    answers.push(("log".to_owned(), 0, log));
    for (name, secret) in &secrets {
        for (place, status, text) in &answers {
            assert!(
                !text.contains(secret.as_str()),
                "the {name} is in {place} {status}: {text}"
            );
        }
    }
}

/// The part of a token without which the rest is worth nothing.
fn signature(token: &str) -> String {
    token.rsplit('.').next().expect("a signature").to_owned()
}
