//! Everything that is stored about somebody.

use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

on_each_database!(one_gets_everything_about_oneself_and_nothing_about_others);

async fn one_gets_everything_about_oneself_and_nothing_about_others(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let old = server.client().sign_in("ada@example.com").await;
    assert_eq!(old.post("/api/auth/logout").send().await.status, 204);
    let me = ada.get("/api/users/me").send().await.json();
    let path = format!("/api/users/{}", me["id"].as_str().expect("an id"));
    let change = json!({ "email_verified": true });
    let change = root.patch(&path).header("user-agent", "root-browser").json(&change);
    assert_eq!(change.send().await.status, 200);
    let wrong = json!({ "email": "ada@example.com", "password": "wrong" });
    let attack = server
        .client()
        .post("/api/auth/login")
        .header("x-forwarded-for", "203.0.113.9");
    assert_eq!(
        attack.header("user-agent", "attacker").json(&wrong).send().await.status,
        401
    );

    let answer = ada.get("/api/users/me/export").send().await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let export = answer.json();
    assert_eq!(export["user"]["email"], "ada@example.com");
    assert!(export["last_sign_in_at"].is_string() && export["password_changed_at"].is_string());
    let sessions = export["sessions"].as_array().expect("a list");
    assert_eq!(sessions.len(), 2, "one has ended");
    let current: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!(current[0]["id"], ada.tokens["session_id"]);
    let events = export["audit_events"].as_array().expect("a list");
    let actions: Vec<_> = events
        .iter()
        .map(|event| event["action"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        actions,
        [
            "session.refused",
            "user.updated",
            "session.ended",
            "session.started",
            "session.started",
            "user.created"
        ]
    );
    assert_eq!(events[3]["ip_address"], "127.0.0.1");
    let root_id = root.get("/api/users/me").send().await.json()["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for other in ["203.0.113.9", "attacker", "root", root_id.as_str(), "bcrypt", "secret"] {
        assert!(!answer.text.contains(other), "{other} is in {}", answer.text);
    }
}
