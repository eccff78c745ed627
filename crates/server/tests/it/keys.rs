//! Rotation of keys, and `key reset`.

use serde_json::{Value, json};
use vestibule_testing::postgres;

use crate::support::{Folder, Server, stderr, stdout};

fn ada() -> Value {
    json!({ "email": "ada@example.com", "password": "correct horse battery" })
}

/// Signs in and returns the tokens.
fn sign_in(server: &Server) -> Value {
    let response = server.post("/api/auth/login", &ada());
    assert_eq!(response.status, 200, "{}", response.body);
    response.body
}

fn access(server: &Server, tokens: &Value) -> u16 {
    server.get("/api/users/me", tokens["access_token"].as_str()).status
}

fn refresh(server: &Server, tokens: &Value) -> Result<Value, u16> {
    let response = server.post(
        "/api/auth/refresh",
        &json!({ "refresh_token": tokens["refresh_token"] }),
    );
    if response.status == 200 {
        Ok(response.body)
    } else {
        Err(response.status)
    }
}

fn generate(folder: &Folder, algorithm: &str) -> String {
    let output = folder.run(&["key", "generate", algorithm]);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn key_pair_rotation_keeps_sessions() {
    let folder = Folder::new();
    let (old, new) = (generate(&folder, "ES256"), generate(&folder, "EdDSA"));
    let serve = |algorithm, keys: &str| {
        folder.serve_with(&[
            ("VESTIBULE_JWT_ALGORITHM", algorithm),
            ("VESTIBULE_JWT_PRIVATE_KEY", keys),
        ])
    };
    let published = |server: &Server| {
        let keys = server.get("/.well-known/jwks.json", None).body["keys"].clone();
        keys.as_array().expect("a list").len()
    };
    let server = serve("ES256", &old);
    assert_eq!(published(&server), 1);
    assert_eq!(server.post("/api/users", &ada()).status, 201);
    let before = sign_in(&server);
    server.stop();

    let server = serve("ES256", &format!("{old}{new}"));
    assert_eq!((published(&server), access(&server, &before)), (2, 200));
    server.stop();

    let server = serve("EdDSA", &format!("{new}{old}"));
    let during = sign_in(&server);
    assert_eq!((access(&server, &before), access(&server, &during)), (200, 200));
    server.stop();

    let server = serve("EdDSA", &new);
    assert_eq!((access(&server, &before), access(&server, &during)), (401, 200));
    let renewed = refresh(&server, &before).expect("the session is active");
    assert_eq!(access(&server, &renewed), 200);
    server.stop();

    let server = folder.serve();
    assert_eq!((published(&server), access(&server, &renewed)), (0, 401));
    assert!(refresh(&server, &renewed).is_ok());
}

#[test]
fn secret_key_rotation_keeps_sessions() {
    let folder = Folder::new();
    let (old, new) = (generate(&folder, "HS256"), generate(&folder, "HS256"));
    let (old, new) = (old.trim_end(), new.trim_end());
    let server = folder.serve_with(&[("VESTIBULE_SECRET_KEY", old)]);
    assert_eq!(server.post("/api/users", &ada()).status, 201);
    let before = sign_in(&server);
    server.stop();

    let both = [("VESTIBULE_SECRET_KEY", new), ("VESTIBULE_SECRET_KEY_PREVIOUS", old)];
    let server = folder.serve_with(&both);
    assert_eq!(access(&server, &before), 200);
    let renewed = refresh(&server, &before).expect("the session is active");
    server.stop();

    let server = folder.serve_with(&[("VESTIBULE_SECRET_KEY", new)]);
    assert_eq!((access(&server, &before), access(&server, &renewed)), (401, 200));
    assert!(refresh(&server, &renewed).is_ok());
}

#[test]
fn unknown_secret_key_prevents_start_until_key_reset() {
    let database = actix_web::rt::System::new().block_on(postgres::empty());
    let Some(database) = database else { return };
    let folder = Folder::new();
    let keys = [(); 3].map(|()| generate(&folder, "HS256").trim_end().to_owned());
    let [first, second, third] = &keys;
    let url = ("DATABASE_URL", database.url());
    folder.serve_with(&[url, ("VESTIBULE_SECRET_KEY", first)]).stop();

    let command = |arguments: &[&str], key: &str| {
        let mut command = folder.command(arguments);
        command.env(url.0, url.1).env("VESTIBULE_SECRET_KEY", key);
        command.output().expect("the program starts")
    };
    let failed = command(&[], second);
    assert_eq!(failed.status.code(), Some(1));
    assert!(stderr(&failed).contains("vestibule key reset"), "{}", stderr(&failed));

    let both = [
        url,
        ("VESTIBULE_SECRET_KEY", second),
        ("VESTIBULE_SECRET_KEY_PREVIOUS", first),
    ];
    folder.serve_with(&both).stop();
    folder.serve_with(&[url, ("VESTIBULE_SECRET_KEY", second)]).stop();
    assert_eq!(command(&[], first).status.code(), Some(1));

    assert!(command(&["key", "reset"], third).status.success());
    folder.serve_with(&[url, ("VESTIBULE_SECRET_KEY", third)]).stop();
}
