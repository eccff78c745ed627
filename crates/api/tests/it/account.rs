//! Changes that users make to their own account: name, password and deletion.

use serde_json::json;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::{
    authorization_matrix::Row,
    support::{NEW_PASSWORD, PASSWORD, current_user, current_user_id, is_live, login},
};

on_each_database!(
    update_current_user_changes_only_the_name,
    change_password_revokes_other_sessions,
    delete_current_user_requires_the_password,
);

/// Returns the rows of the authorization matrix.
pub(crate) fn authorization() -> Vec<Row> {
    vec![
        Row::signed_in("getCurrentUser", 200),
        Row::signed_in("updateCurrentUser", 200).json(|_| json!({ "display_name": "Me" })),
        Row::signed_in("changePassword", 204)
            .json(|_| json!({ "current_password": PASSWORD, "new_password": NEW_PASSWORD })),
        Row::signed_in("deleteCurrentUser", 204).json(|_| json!({ "current_password": PASSWORD })),
    ]
}

async fn update_current_user_changes_only_the_name(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let path = format!("/api/users/{}", current_user_id(&ada).await);
    let changed = ada
        .patch("/api/users/me")
        .json(&json!({ "display_name": "Ada" }))
        .send()
        .await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    assert_eq!(changed.json(), current_user(&ada).await);
    let stale = ada
        .patch("/api/users/me")
        .header("if-match", "\"1\"")
        .json(&json!({ "display_name": "A" }))
        .send();
    assert_eq!(stale.await.problem(), (412, "stale".to_owned()));
    for name in [
        "email",
        "status",
        "roles",
        "permissions",
        "email_verified",
        "password",
        "password_hash",
        "is_admin",
    ] {
        let response = ada.patch("/api/users/me").json(&json!({ name: "x" })).send().await;
        assert_eq!(response.field_error(), (format!("/{name}"), "unknown_field".to_owned()));
    }
    let by_id = ada.patch(&path).json(&json!({ "display_name": "B" })).send().await;
    assert_eq!(by_id.problem(), (403, "forbidden".to_owned()));
}

async fn change_password_revokes_other_sessions(engine: Engine) {
    let server = TestServer::start(engine).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let other = server.client().sign_in("ada@example.com").await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        ada.put("/api/users/me/password").json(&body).send().await
    };
    let wrong = change("wrong horse battery", NEW_PASSWORD).await;
    assert_eq!(wrong.problem(), (422, "validation_failed".to_owned()));
    assert_eq!(
        wrong.field_error(),
        ("/current_password".to_owned(), "wrong_password".to_owned())
    );
    let weak = change(PASSWORD, "password").await;
    assert_eq!(
        weak.field_error(),
        ("/new_password".to_owned(), "common_password".to_owned())
    );
    assert!(is_live(&other).await);
    assert_eq!(change(PASSWORD, NEW_PASSWORD).await.status, 204);
    assert!(is_live(&ada).await && !is_live(&other).await);
    let signed_in = login(&server.client(), "ada@example.com", NEW_PASSWORD).await;
    assert_eq!(signed_in.status, 200);
}

async fn delete_current_user_requires_the_password(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let path = format!("/api/users/{}", current_user_id(&ada).await);
    let delete = async |password: &str| {
        ada.post("/api/users/me/delete")
            .json(&json!({ "current_password": password }))
            .send()
            .await
    };
    assert_eq!(
        delete("wrong").await.field_error(),
        ("/current_password".to_owned(), "wrong_password".to_owned())
    );
    assert_eq!(delete(PASSWORD).await.status, 204);
    assert_eq!(
        admin.get(&path).send().await.problem(),
        (404, "user_not_found".to_owned())
    );
    assert_eq!(admin.get("/api/users?q=ada").send().await.json(), json!([]));
    assert_eq!(
        ada.get("/api/users/me").send().await.problem(),
        (404, "user_not_found".to_owned())
    );
    server.user("ada@example.com", &["member"]).await;
}
