//! Two instances with different clocks, simulated by libfaketime.

use std::{io::Write, path::Path};

use serde_json::{Value, json};

use crate::support::{Folder, Server, on_postgres};

const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

fn refresh(server: &Server, token: &Value) -> (u16, Value) {
    let response = server.post("/api/auth/refresh", &json!({ "refresh_token": token }));
    (response.status, response.body)
}

/// Asserts that tokens of one instance are valid on the other, and that neither detects token theft or locks out the
/// user.
fn assert_agreement(one: &Server, other: &Server, email: &str) {
    let ada = json!({ "email": email, "password": "correct horse battery" });
    one.post("/api/users", &ada);
    let tokens = one.post("/api/auth/login", &ada).body;
    let access = tokens["access_token"].as_str().expect("a token");
    assert_eq!(
        other.get("/api/users/me", Some(access)).status,
        200,
        "the token is valid"
    );

    let (status, first) = refresh(one, &tokens["refresh_token"]);
    assert_eq!(status, 200);
    let (status, again) = refresh(other, &tokens["refresh_token"]);
    assert_eq!(status, 200, "a lost response is repeated: {again}");
    assert_eq!(first["refresh_token"], again["refresh_token"]);
    let access = again["access_token"].as_str().expect("a token");
    assert_eq!(
        one.get("/api/users/me", Some(access)).status,
        200,
        "the session is active"
    );

    let wrong = json!({ "email": email, "password": "wrong horse battery" });
    for server in [one, other] {
        assert_eq!(server.post("/api/auth/login", &wrong).status, 401);
    }
    for server in [one, other, one] {
        assert_eq!(
            server.post("/api/auth/login", &ada).status,
            200,
            "the user is not locked out"
        );
    }
}

#[test]
fn instances_with_different_clocks_agree() {
    if !Path::new(FAKETIME).exists() {
        // Not `eprintln!`, which the test harness hides when a test passes.
        let _ = writeln!(std::io::stderr(), "skipped: the clock skew test requires libfaketime");
        return;
    }
    on_postgres(|settings| {
        let folder = Folder::new();
        let unshifted = folder.serve_with(settings);
        for shift in ["-60s", "+60s", "-1h", "+1h"] {
            let mut command = folder.command(&[]);
            command.envs(settings.iter().copied());
            command.env("LD_PRELOAD", FAKETIME).env("FAKETIME", shift);
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            let shifted = Server::start(command);
            assert_agreement(&unshifted, &shifted, &format!("one{shift}@example.com"));
            assert_agreement(&shifted, &unshifted, &format!("other{shift}@example.com"));
            shifted.wait_for("the clock of this machine");
        }
    });
}
