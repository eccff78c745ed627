//! Two instances on machines whose clocks differ, by way of libfaketime.

use std::{io::Write, path::Path};

use serde_json::{Value, json};

use crate::support::{Folder, Server, on_postgres};

const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

fn refresh(server: &Server, token: &Value) -> (u16, Value) {
    let answer = server.post("/api/auth/refresh", &json!({ "refresh_token": token }));
    (answer.status, answer.body)
}

/// What one instance issues is valid at the other, and neither takes the other's answers for theft.
fn agree(one: &Server, other: &Server, email: &str) {
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
    assert_eq!(status, 200, "a lost answer is repeated: {again}");
    assert_eq!(first["refresh_token"], again["refresh_token"]);
    let access = again["access_token"].as_str().expect("a token");
    assert_eq!(
        one.get("/api/users/me", Some(access)).status,
        200,
        "and its session lives"
    );

    let wrong = json!({ "email": email, "password": "wrong horse battery" });
    for server in [one, other] {
        assert_eq!(server.post("/api/auth/login", &wrong).status, 401);
    }
    for server in [one, other, one] {
        assert_eq!(server.post("/api/auth/login", &ada).status, 200, "nobody is locked out");
    }
}

#[test]
fn instances_with_different_clocks_agree() {
    if !Path::new(FAKETIME).exists() {
        // Not eprintln!, which the test harness keeps to itself when a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: different clocks, because libfaketime is not installed"
        );
        return;
    }
    on_postgres(|settings| {
        let folder = Folder::new();
        let right = folder.serve_with(settings);
        for shift in ["-60s", "+60s", "-1h", "+1h"] {
            let mut command = folder.command(&[]);
            command.envs(settings.iter().copied());
            command.env("LD_PRELOAD", FAKETIME).env("FAKETIME", shift);
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            let shifted = Server::start(command);
            agree(&right, &shifted, &format!("one{shift}@example.com"));
            agree(&shifted, &right, &format!("other{shift}@example.com"));
            shifted.wait_for("the clock of this machine");
        }
    });
}
