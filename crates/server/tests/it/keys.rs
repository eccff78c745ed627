//! Rotation of keys, and `key reset`.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use vestibule_testing::{postgres, totp_code};

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

/// Sets up an authenticator app and returns its secret.
fn enable_totp(server: &Server) -> String {
    let tokens = sign_in(server);
    let token = tokens["access_token"].as_str().expect("a token");
    let created = server.post_as(token, "/api/users/me/totp", &json!({}));
    assert_eq!(created.status, 201, "{}", created.body);
    let secret = created.body["secret"].as_str().expect("a secret").to_owned();
    let code = totp_code(&secret, Utc::now());
    let confirmed = server.post_as(token, "/api/users/me/totp/confirm", &json!({ "code": code }));
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    secret
}

/// Signs in with a code of the step after the current one, which was not used before.
fn sign_in_with_totp(server: &Server, secret: &str) -> u16 {
    let response = server.post("/api/auth/login", &ada());
    assert_eq!(response.status, 403, "{}", response.body);
    let code = totp_code(secret, Utc::now() + TimeDelta::seconds(30));
    let proof = json!({ "challenge": response.body["challenge"], "method": "totp", "code": code });
    server.post("/api/auth/second-factor", &proof).status
}

#[test]
fn secret_key_rotation_keeps_authenticator_apps() {
    let folder = Folder::new();
    let (old, new) = (generate(&folder, "HS256"), generate(&folder, "HS256"));
    let (old, new) = (old.trim_end(), new.trim_end());
    let server = folder.serve_with(&[("VESTIBULE_SECRET_KEY", old)]);
    assert_eq!(server.post("/api/users", &ada()).status, 201);
    let secret = enable_totp(&server);
    server.stop();

    let both = [("VESTIBULE_SECRET_KEY", new), ("VESTIBULE_SECRET_KEY_PREVIOUS", old)];
    let server = folder.serve_with(&both);
    server.wait_for("encrypted the secrets of authenticator apps under the current secret key");
    server.stop();

    let server = folder.serve_with(&[("VESTIBULE_SECRET_KEY", new)]);
    assert_eq!(sign_in_with_totp(&server, &secret), 200);
}

#[test]
fn key_reset_removes_authenticator_apps_that_cannot_be_read() {
    let folder = Folder::new();
    let (old, new) = (generate(&folder, "HS256"), generate(&folder, "HS256"));
    let (old, new) = (old.trim_end(), new.trim_end());
    let server = folder.serve_with(&[("VESTIBULE_SECRET_KEY", old)]);
    assert_eq!(server.post("/api/users", &ada()).status, 201);
    enable_totp(&server);
    server.stop();

    let mut command = folder.command(&["key", "reset"]);
    let output = command
        .env("VESTIBULE_SECRET_KEY", new)
        .output()
        .expect("the program starts");
    assert!(
        stdout(&output).contains("removed 1 authenticator apps"),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    let server = folder.serve_with(&[("VESTIBULE_SECRET_KEY", new)]);
    sign_in(&server);
}

#[test]
fn operator_resets_the_factors_of_a_user() {
    let folder = Folder::new();
    let server = folder.serve();
    assert_eq!(server.post("/api/users", &ada()).status, 201);
    let secret = enable_totp(&server);
    assert_eq!(sign_in_with_totp(&server, &secret), 200);
    let reset = folder.run(&["user", "reset-factors", "ada@example.com"]);
    assert_eq!(
        stdout(&reset),
        "removed the second factors of ada@example.com and revoked all sessions\n",
        "{}",
        stderr(&reset)
    );
    sign_in(&server);
    let unknown = folder.run(&["user", "reset-factors", "bob@example.com"]);
    assert_eq!(unknown.status.code(), Some(1));
}

#[test]
fn imported_totp_secret_is_in_use() {
    let folder = Folder::migrated();
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let users = format!(
        "email,password_hash,totp_secret\n\
         ada@example.com,$2b$04$0AhKZz/Twc91zpTffirPdeF1RDrWouqjNOl4ZA1dxuioIdTB4BJuy,{secret}\n\
         bob@example.com,,otpauth://totp/App:bob?secret={secret}&digits=8\n"
    );
    std::fs::write(folder.path().join("users.csv"), users).expect("written");
    let imported = folder.run(&["user", "import", "--apply", "users.csv"]);
    let report = stdout(&imported);
    assert!(
        report.contains("2\tcreated\tada@example.com"),
        "{report}{}",
        stderr(&imported)
    );
    assert!(
        report.contains("3\tinvalid\tbob@example.com\ttotp_secret must have"),
        "{report}"
    );
    assert!(!report.contains(secret));
    let server = folder.serve();
    assert_eq!(sign_in_with_totp(&server, secret), 200);
}
