//! Seeing and ending sessions.

use futures_util::future::join_all;
use serde_json::json;
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

on_each_database!(
    of_many_requests_at_once_each_is_told_who_asks,
    people_see_and_end_their_own_sessions,
    administrators_see_and_end_the_sessions_of_others,
    a_new_password_ends_the_other_sessions,
    disabling_ends_every_session_for_good,
    a_lost_role_counts_from_the_next_request_on,
);

async fn is_live(client: &Client) -> bool {
    let answer = client.get("/api/users/me").send().await;
    assert!(
        answer.status == 200 || answer.problem() == (401, "session_revoked".to_owned()),
        "{}",
        answer.text
    );
    answer.status == 200
}

fn id(client: &Client) -> String {
    client.tokens["session_id"].as_str().expect("an id").to_owned()
}

async fn people_see_and_end_their_own_sessions(engine: Engine) {
    let server = TestServer::start(engine).await;
    let one = server.signed_in("ada@example.com", &["member"]).await;
    let two = server.client().sign_in("ada@example.com").await;
    let three = server.client().sign_in("ada@example.com").await;
    let bob = server.signed_in("bob@example.com", &["member"]).await;

    let listed = two.get("/api/users/me/sessions").send().await.json();
    let shown: Vec<_> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (row["id"].clone(), row["current"].clone()))
        .collect();
    let expected = [(&three, false), (&two, true), (&one, false)];
    assert_eq!(
        shown,
        expected.map(|(client, current)| (json!(id(client)), json!(current)))
    );
    assert_eq!(listed[0]["ip_address"], "127.0.0.1");

    let path = |client: &Client| format!("/api/users/me/sessions/{}", id(client));
    let not_mine = bob.delete(&path(&one)).send().await;
    assert_eq!(not_mine.problem(), (404, "session_not_found".to_owned()));
    assert_eq!(two.delete(&path(&one)).send().await.status, 204);
    let again = two.delete(&path(&one)).send().await;
    assert_eq!(again.problem(), (404, "session_not_found".to_owned()));
    assert!(!is_live(&one).await && is_live(&two).await && is_live(&three).await);
    assert_eq!(three.delete("/api/users/me/sessions").send().await.status, 204);
    assert!(!is_live(&two).await && is_live(&three).await && is_live(&bob).await);
    assert_eq!(three.delete(&path(&three)).send().await.status, 204);
    assert!(!is_live(&three).await);
}

async fn administrators_see_and_end_the_sessions_of_others(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    let path = format!("/api/users/{user}/sessions");
    assert_eq!(ada.get(&path).send().await.problem(), (403, "forbidden".to_owned()));
    let listed = admin.get(&path).send().await.json();
    assert_eq!(
        (&listed[0]["id"], &listed[0]["current"]),
        (&json!(id(&ada)), &json!(false))
    );
    assert_eq!(admin.delete(&path).send().await.status, 204);
    assert!(!is_live(&ada).await);
    assert_eq!(admin.get(&path).send().await.json(), json!([]));
    let unknown = "/api/users/01933b1e-7c00-7000-8000-000000000000/sessions";
    for request in [admin.get(unknown), admin.delete(unknown)] {
        assert_eq!(request.send().await.problem(), (404, "user_not_found".to_owned()));
    }
}

async fn a_new_password_ends_the_other_sessions(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let other = server.client().sign_in("ada@example.com").await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        ada.put("/api/users/me/password").json(&body).send().await
    };
    let wrong = change("wrong horse battery", "staple remembered").await;
    assert_eq!(wrong.problem(), (422, "validation_failed".to_owned()));
    assert_eq!(
        wrong.blamed(),
        ("/current_password".to_owned(), "wrong_password".to_owned())
    );
    let weak = change("correct horse battery", "password").await;
    assert_eq!(
        weak.blamed(),
        ("/new_password".to_owned(), "common_password".to_owned())
    );
    assert!(is_live(&other).await);
    assert_eq!(change("correct horse battery", "staple remembered").await.status, 204);
    assert!(is_live(&ada).await && !is_live(&other).await);
    let login = json!({ "email": "ada@example.com", "password": "staple remembered" });
    assert_eq!(
        server.client().post("/api/auth/login").json(&login).send().await.status,
        200
    );
}

async fn disabling_ends_every_session_for_good(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["member"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    for status in ["disabled", "active"] {
        let answer = admin
            .patch(&format!("/api/users/{user}"))
            .json(&json!({ "status": status }))
            .send()
            .await;
        assert_eq!(answer.json()["status"], status);
        assert!(!is_live(&ada).await);
    }
    assert!(is_live(&server.client().sign_in("ada@example.com").await).await);
}

async fn a_lost_role_counts_from_the_next_request_on(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let user = server.user("ada@example.com", &["admin"]).await;
    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(ada.get("/api/users").send().await.status, 200);
    let path = format!("/api/users/{user}/roles");
    assert_eq!(admin.put(&path).json(&json!({ "roles": [] })).send().await.status, 200);
    assert_eq!(
        ada.get("/api/users").send().await.problem(),
        (403, "forbidden".to_owned())
    );
    assert_eq!(ada.get("/api/users/me").send().await.json()["permissions"], json!([]));
}

/// Requests that are under way together share statements.
async fn of_many_requests_at_once_each_is_told_who_asks(engine: Engine) {
    let server = TestServer::start(engine).await;
    let mut clients = Vec::new();
    for n in 0..20 {
        clients.push(server.signed_in(&format!("user{n}@example.com"), &["member"]).await);
    }
    let ended = server.signed_in("ended@example.com", &["member"]).await;
    assert_eq!(ended.post("/api/auth/logout").send().await.status, 204);
    let asked = (0..200).map(|n| {
        let (client, ended) = (&clients[n % clients.len()], &ended);
        async move {
            if n % 7 == 0 {
                let answer = ended.get("/api/users/me").send().await;
                return assert_eq!(answer.problem(), (401, "session_revoked".to_owned()));
            }
            let me = client.get("/api/users/me").send().await.json();
            assert_eq!(me["email"], format!("user{}@example.com", n % 20));
        }
    });
    join_all(asked).await;
}
