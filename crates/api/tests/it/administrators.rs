//! An administrator always remains.

use futures_util::future::join_all;
use serde_json::json;
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    the_last_administrator_stays_whatever_is_tried,
    of_two_administrators_who_demote_each_other_one_remains,
);

async fn the_last_administrator_stays_whatever_is_tried(engine: Engine) {
    let server = TestServer::start(engine).await;
    let id = server.user("admin@example.com", &["admin", "member"]).await;
    let admin = server.client().sign_in("admin@example.com").await;
    let disabled = server.user("disabled@example.com", &["admin"]).await;
    let path = format!("/api/users/{id}");
    let disable = json!({ "status": "disabled" });
    assert_eq!(
        admin
            .patch(&format!("/api/users/{disabled}"))
            .json(&disable)
            .send()
            .await
            .status,
        200
    );

    let refused = [
        admin.patch(&path).json(&disable).send().await,
        admin.delete(&path).send().await,
        admin
            .put(&format!("{path}/roles"))
            .json(&json!({ "roles": ["member"] }))
            .send()
            .await,
        admin
            .post("/api/users/me/delete")
            .json(&json!({ "current_password": "correct horse battery" }))
            .send()
            .await,
    ];
    for answer in refused {
        assert_eq!(answer.problem(), (409, "last_admin".to_owned()));
    }
    let still = admin.get("/api/users/me").send().await.json();
    assert_eq!(still["roles"], json!(["admin", "member"]));
    // What does not concern the role is free.
    assert_eq!(
        admin
            .put(&format!("{path}/roles"))
            .json(&json!({ "roles": ["admin"] }))
            .send()
            .await
            .status,
        200
    );
}

async fn demote(admin: &Client, user: &str, way: usize) -> Answer {
    let path = format!("/api/users/{user}");
    match way % 3 {
        0 => {
            admin
                .put(&format!("{path}/roles"))
                .json(&json!({ "roles": [] }))
                .send()
                .await
        }
        1 => admin.patch(&path).json(&json!({ "status": "disabled" })).send().await,
        _ => admin.delete(&path).send().await,
    }
}

async fn of_two_administrators_who_demote_each_other_one_remains(engine: Engine) {
    for round in 0..12 {
        let server = TestServer::start(engine).await;
        let (one, two) = (
            server.user("one@example.com", &["admin"]).await,
            server.user("two@example.com", &["admin"]).await,
        );
        let first = server.client().sign_in("one@example.com").await;
        let second = server.client().sign_in("two@example.com").await;
        let answers = join_all([demote(&first, &two, round), demote(&second, &one, round / 3)]).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        let done = statuses.iter().filter(|status| **status < 300).count();
        // The slower one is refused for what the faster one did to it, or because it would be the last.
        assert!(done == 1 && statuses.iter().all(|status| *status < 500), "{statuses:?}");
        let left = if statuses[0] < 300 { &first } else { &second };
        let list = left.get("/api/users?role=admin&status=active").send().await;
        assert_eq!(list.json().as_array().map(Vec::len), Some(1), "{}", list.text);
    }
}
