//! Why somebody may do something, or cannot sign in.

use serde_json::{Value, json};
use vestibule_testing::{Engine, TestServer, on_each_database};

on_each_database!(
    the_roles_that_give_a_permission_are_told,
    what_keeps_somebody_from_signing_in_is_told,
);

async fn the_roles_that_give_a_permission_are_told(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    for (name, permission) in [
        ("clerk", "orders:read"),
        ("seller", "orders:read"),
        ("reader", "users:read"),
    ] {
        server.role(name, &json!([permission])).await;
    }
    let ada = server.user("ada@example.com", &["member", "seller", "clerk"]).await;
    let explain = async |permission: &str| {
        let answer = root.get(&format!("/api/users/{ada}/access{permission}")).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    };
    let signs_in = json!({ "allowed": true, "reasons": [] });
    assert_eq!(
        explain("?permission=orders:read").await,
        json!({ "permission": "orders:read", "granted": true, "roles": ["clerk", "seller"], "sign_in": signs_in })
    );
    assert_eq!(
        explain("?permission=users:read").await,
        json!({ "permission": "users:read", "granted": false, "roles": [], "sign_in": signs_in })
    );
    assert_eq!(explain("").await["permission"], Value::Null);
    let me = root.get("/api/users/me").send().await.json();
    let me = format!(
        "/api/users/{}/access?permission=orders:eat",
        me["id"].as_str().expect("an id")
    );
    assert_eq!(root.get(&me).send().await.json()["roles"], json!(["admin"]));

    for (query, place) in [
        ("permission=Orders", "?permission"),
        ("permission=", "?permission"),
        ("x=1", "?x"),
    ] {
        let answer = root.get(&format!("/api/users/{ada}/access?{query}")).send().await;
        assert_eq!(answer.problem(), (422, "validation_failed".to_owned()), "{query}");
        assert_eq!(answer.blamed().0, place);
    }
    let nobody = "01933b1e-7c00-7000-8000-000000000000";
    let answer = root.get(&format!("/api/users/{nobody}/access")).send().await;
    assert_eq!(answer.problem(), (404, "user_not_found".to_owned()));
}

async fn what_keeps_somebody_from_signing_in_is_told(engine: Engine) {
    let server = TestServer::start(engine).await;
    let root = server.signed_in("root@example.com", &["admin"]).await;
    let path = format!("/api/users/{}", server.user("ada@example.com", &["member"]).await);
    let sign_in = async || root.get(&format!("{path}/access")).send().await.json()["sign_in"].clone();
    assert_eq!(sign_in().await, json!({ "allowed": true, "reasons": [] }));
    for _ in 0..10 {
        let body = json!({ "email": "ada@example.com", "password": "wrong" });
        assert_eq!(
            server.client().post("/api/auth/login").json(&body).send().await.status,
            401
        );
    }
    assert_eq!(
        root.patch(&path)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await
            .status,
        200
    );
    let told = sign_in().await;
    assert_eq!(
        (&told["allowed"], told["reasons"].as_array().map(Vec::len)),
        (&json!(false), Some(2))
    );
    assert_eq!(told["reasons"][0], json!({ "code": "disabled", "until": null }));
    assert_eq!(told["reasons"][1]["code"], "too_many_attempts");
    assert!(
        told["reasons"][1]["until"]
            .as_str()
            .is_some_and(|until| until.ends_with('Z'))
    );
}
