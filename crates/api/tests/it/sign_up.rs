//! Making accounts.

use futures_util::future::join_all;
use serde_json::{Value, json};
use vestibule_domain::{Policy, SignUpPolicy};
use vestibule_testing::{Answer, Client, Engine, TestServer, on_each_database};

on_each_database!(
    a_person_signs_up_and_is_shown,
    what_is_wrong_with_an_account_is_said_all_at_once,
    spellings_of_one_address_are_one_account,
    the_policy_may_ask_for_passwords_that_are_hard_to_guess,
    of_64_who_race_for_an_address_one_gets_it,
    a_closed_door_opens_to_those_who_may_create_users,
    roles_are_given_only_by_those_who_may,
    a_stale_token_does_no_harm,
);

async fn sign_up(client: &Client, email: &str, password: &str) -> Answer {
    client
        .post("/api/users")
        .json(&json!({ "email": email, "password": password }))
        .send()
        .await
}

async fn a_person_signs_up_and_is_shown(engine: Engine) {
    let server = TestServer::start(engine).await;
    let body = json!({ "email": " Ada@Example.com ", "password": "correct horse battery", "display_name": " Ada " });
    let answer = server.client().post("/api/users").json(&body).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let user = answer.json();
    assert_eq!(user["email"], "Ada@Example.com");
    assert_eq!(user["display_name"], "Ada");
    assert_eq!(
        (&user["status"], &user["email_verified"]),
        (&json!("active"), &json!(false))
    );
    assert_eq!(user["roles"], json!(["member"]));
    let created = user["created_at"].as_str().expect("a time");
    assert!(created.len() == 27 && created.ends_with('Z'), "{created}");
    let path = format!("/api/users/{}", user["id"].as_str().expect("an id"));
    assert_eq!(answer.header("location"), Some(path.as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let ada = server.client().sign_in("ada@example.com").await;
    assert_eq!(ada.get(&path).send().await.json(), user);
}

async fn what_is_wrong_with_an_account_is_said_all_at_once(engine: Engine) {
    let server = TestServer::start(engine).await;
    let body = json!({ "email": "ada", "password": "short", "display_name": "", "roles": null });
    let answer = server.client().post("/api/users").json(&body).send().await;
    assert_eq!(answer.blamed(), ("/roles".to_owned(), "invalid_type".to_owned()));
    let body = json!({ "email": "ada", "password": "short", "display_name": "" });
    let answer = server.client().post("/api/users").json(&body).send().await;
    assert_eq!(answer.problem(), (422, "validation_failed".to_owned()));
    let errors = answer.json()["errors"].as_array().expect("a list").clone();
    let blamed: Vec<_> = errors
        .iter()
        .map(|error| (error["pointer"].clone(), error["code"].clone()))
        .collect();
    let expected = [
        ("/email", "invalid_format"),
        ("/password", "too_short"),
        ("/display_name", "too_short"),
    ];
    assert_eq!(blamed, expected.map(|(pointer, code)| (json!(pointer), json!(code))));

    for (password, code) in [
        ("a".repeat(5000), "too_long"),
        ("Password123".to_owned(), "common_password"),
        ("grace@EXAMPLE.com".to_owned(), "common_password"),
        ("vestibule".to_owned(), "common_password"),
    ] {
        let answer = sign_up(&server.client(), "grace@example.com", &password).await;
        assert_eq!(answer.blamed(), ("/password".to_owned(), code.to_owned()), "{password}");
    }
}

async fn spellings_of_one_address_are_one_account(engine: Engine) {
    let server = TestServer::start(engine).await;
    assert_eq!(
        sign_up(
            &server.client(),
            "jos\u{e9}.k@b\u{fc}cher.example",
            "correct horse battery"
        )
        .await
        .status,
        201
    );
    for same in [
        "JOSE\u{301}.K@B\u{dc}CHER.example",
        "jos\u{e9}.k@xn--bcher-kva.example",
        " jos\u{e9}.k@b\u{fc}cher.EXAMPLE",
    ] {
        let answer = sign_up(&server.client(), same, "correct horse battery").await;
        assert_eq!(answer.problem(), (400, "email_taken".to_owned()), "{same}");
        assert_eq!(answer.json()["detail"], "Email already registered");
        assert_eq!(answer.blamed(), ("/email".to_owned(), "taken".to_owned()));
        assert_eq!(
            server
                .client()
                .sign_in(same)
                .await
                .get("/api/users/me")
                .send()
                .await
                .status,
            200
        );
    }
    assert_eq!(
        sign_up(&server.client(), "jose.k@b\u{fc}cher.example", "correct horse battery")
            .await
            .status,
        201
    );
}

async fn the_policy_may_ask_for_passwords_that_are_hard_to_guess(engine: Engine) {
    let policy = Policy {
        password_min_score: 3,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let client = server.client();
    for password in ["abcdefghijkl", "Summer2026"] {
        let refused = sign_up(&client, "lovelace.ada@example.com", password).await;
        let blamed = ("/password".to_owned(), "common_password".to_owned());
        assert_eq!(refused.blamed(), blamed, "{password}: {}", refused.text);
        let detail = refused.json()["errors"][0]["detail"]
            .as_str()
            .expect("a sentence")
            .to_owned();
        assert!(
            detail.starts_with("Is too easy to guess: ") && detail.len() > 35,
            "{detail}"
        );
    }
    let made = sign_up(&client, "lovelace.ada@example.com", "correct horse battery").await;
    assert_eq!(made.status, 201);
    let ada = client.sign_in("lovelace.ada@example.com").await;
    let change = json!({ "current_password": "correct horse battery", "new_password": "Summer2026" });
    let refused = ada.put("/api/users/me/password").json(&change).send().await;
    assert_eq!(refused.blamed().0, "/new_password");
}

async fn of_64_who_race_for_an_address_one_gets_it(engine: Engine) {
    let server = TestServer::start(engine).await;
    let client = server.client();
    let spellings = [
        "ada@example.com",
        "Ada@example.com",
        "ADA@EXAMPLE.COM",
        "aDA@exaMPle.com",
    ];
    let racers = (0..64).map(|n| sign_up(&client, spellings[n % 4], "correct horse battery"));
    let mut statuses: Vec<u16> = join_all(racers).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![201], vec![400; 63]].concat());
    assert_eq!(server.mail().await.len(), 1);
}

async fn a_closed_door_opens_to_those_who_may_create_users(engine: Engine) {
    let policy = Policy {
        sign_up: SignUpPolicy::Closed,
        ..Policy::default()
    };
    let server = TestServer::with_policy(engine, policy).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let nobody = server.client();

    let refused = sign_up(&nobody, "ada@example.com", "correct horse battery").await;
    assert_eq!(refused.problem(), (403, "sign_up_closed".to_owned()));
    let unheard = nobody.post("/api/users").body("text/plain", "nonsense").send().await;
    assert_eq!(unheard.problem(), (403, "sign_up_closed".to_owned()));
    let refused = sign_up(&nobody.bearing("nonsense"), "ada@example.com", "correct horse battery").await;
    assert_eq!(refused.problem(), (401, "unauthenticated".to_owned()));
    let refused = sign_up(&member, "ada@example.com", "correct horse battery").await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    assert_eq!(refused.json()["permission"], "users:create");
    assert_eq!(
        sign_up(&admin, "ada@example.com", "correct horse battery").await.status,
        201
    );
}

async fn roles_are_given_only_by_those_who_may(engine: Engine) {
    let server = TestServer::start(engine).await;
    let member = server.signed_in("member@example.com", &["member"]).await;
    let admin = server.signed_in("admin@example.com", &["admin"]).await;
    let body =
        |roles: Value| json!({ "email": "new@example.com", "password": "correct horse battery", "roles": roles });

    let ask = async |client: &Client, roles: Value| client.post("/api/users").json(&body(roles)).send().await;
    assert_eq!(
        ask(&server.client(), json!(["member"])).await.problem(),
        (401, "unauthenticated".to_owned())
    );
    assert_eq!(ask(&member, json!([])).await.problem(), (403, "forbidden".to_owned()));
    let unknown = ask(&admin, json!(["member", "nobody"])).await;
    assert_eq!(unknown.blamed(), ("/roles/1".to_owned(), "unknown".to_owned()));
    let created = ask(&admin, json!(["member", "admin", "member"])).await;
    assert_eq!(created.json()["roles"], json!(["admin", "member"]));
}

async fn a_stale_token_does_no_harm(engine: Engine) {
    let server = TestServer::start(engine).await;
    let client = server.client().bearing("nonsense");
    assert_eq!(
        sign_up(&client, "ada@example.com", "correct horse battery")
            .await
            .status,
        201
    );
    assert_eq!(
        client
            .sign_in("ada@example.com")
            .await
            .get("/api/users/me")
            .send()
            .await
            .status,
        200
    );
}
