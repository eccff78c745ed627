//! Filtering, sorting, searching and paging the list of users.

use serde_json::{Value, json};
use vestibule_domain::{
    Actor, DisplayName, EmailAddress,
    users::{self, SeedUser},
};
use vestibule_testing::{Client, Engine, TestServer, on_each_database};

use crate::support::UNKNOWN_ID;

on_each_database!(
    users_are_listed_by_id,
    every_sort_order_lists_each_user_once,
    search_matches_prefixes_of_emails_and_words,
    filters_combine_with_search_and_sort,
    total_count_is_capped,
    user_cursor_is_bound_to_its_list,
    user_list_parameters_are_validated,
);

async fn with_users(engine: Engine) -> (TestServer, Client) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let users = [
        ("zoe@example.com", "Zoë Ada Smith"),
        ("ada@example.com", "Ada Lovelace"),
        ("Adam@example.com", "O'Neil, Adam"),
        ("percent@example.com", "100% _under_"),
        ("äda@example.com", "Ünal Ödön"),
    ];
    let users = users.map(|(email, name)| SeedUser {
        email: EmailAddress::parse(email).expect("an email"),
        display_name: DisplayName::parse(name).expect("a name"),
    });
    users::seed(&server.app, &Actor::operator(), users.to_vec())
        .await
        .expect("seeded");
    (server, admin)
}

/// Returns the emails of all users of a list.
async fn emails(client: &Client, path: &str) -> Vec<String> {
    let users = client.all_rows(path).await;
    users.iter().map(|user| text(&user["email"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

async fn every_sort_order_lists_each_user_once(engine: Engine) {
    let (_server, admin) = with_users(engine).await;
    let by_email = ["ada@", "Adam@", "percent@", "root@", "zoe@", "äda@"].map(|start| format!("{start}example.com"));
    let by_age = ["root@", "zoe@", "ada@", "Adam@", "percent@", "äda@"].map(|start| format!("{start}example.com"));
    let reversed = |emails: &[String]| emails.iter().rev().cloned().collect::<Vec<_>>();
    for limit in [1, 2, 3, 6, 200] {
        let list = async |sort: &str| emails(&admin, &format!("/api/users?limit={limit}{sort}")).await;
        assert_eq!(list("&sort=email").await, by_email);
        assert_eq!(list("&sort=-email").await, reversed(&by_email));
        assert_eq!(list("&sort=created_at").await, by_age);
        assert_eq!(list("&sort=-created_at").await, reversed(&by_age));
        assert_eq!(list("").await, reversed(&by_age));
    }
    let row = &admin.get("/api/users?q=root").send().await.json()[0];
    assert!(row["last_sign_in_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(
        admin.get("/api/users?q=zoe").send().await.json()[0]["last_sign_in_at"],
        Value::Null
    );
}

async fn search_matches_prefixes_of_emails_and_words(engine: Engine) {
    let (_server, admin) = with_users(engine).await;
    for (q, found) in [
        ("ada", vec!["ada@", "zoe@", "Adam@"]),
        ("ADA%20L", vec!["ada@"]),
        ("ada@", vec!["ada@"]),
        ("lovelace", vec!["ada@"]),
        ("neil", vec!["Adam@"]),
        ("o'neil,%20a", vec!["Adam@"]),
        ("100%25", vec!["percent@"]),
        ("_", vec!["percent@"]),
        ("%25", vec![]),
        ("dam", vec![]),
        ("%C3%9Cn", vec!["äda@"]),
        ("u%CC%88nal%20o%CC%88", vec!["äda@"]),
        ("zo%C3%AB", vec!["zoe@"]),
        ("example.com", vec![]),
        ("%EF%BF%BF", vec![]),
        ("%F4%8F%BF%BF", vec![]),
    ] {
        let expected: Vec<_> = found.iter().map(|start| format!("{start}example.com")).collect();
        for limit in [1, 50] {
            assert_eq!(
                emails(&admin, &format!("/api/users?limit={limit}&q={q}")).await,
                expected,
                "{q}"
            );
        }
        let first = admin.get(&format!("/api/users?limit=1&q={q}")).send().await;
        assert_eq!(
            first.header("x-total-count"),
            Some(found.len().to_string().as_str()),
            "{q}"
        );
    }
    assert_eq!(emails(&admin, "/api/users?q=&limit=2").await.len(), 6);
    assert_eq!(emails(&admin, "/api/users?q=%20&limit=2").await.len(), 6);

    // Search finds the new name and no longer the old one.
    let ada = &admin.get("/api/users?q=lovelace").send().await.json()[0];
    let path = format!("/api/users/{}", text(&ada["id"]));
    assert_eq!(
        admin
            .patch(&path)
            .json(&json!({ "display_name": "Countess" }))
            .send()
            .await
            .status,
        200
    );
    assert_eq!(emails(&admin, "/api/users?q=lovelace").await, Vec::<String>::new());
    assert_eq!(emails(&admin, "/api/users?q=COUNT").await, ["ada@example.com"]);
}

async fn filters_combine_with_search_and_sort(engine: Engine) {
    let (_server, admin) = with_users(engine).await;
    let zoe = &admin.get("/api/users?q=zoe").send().await.json()[0];
    let path = format!("/api/users/{}", text(&zoe["id"]));
    assert_eq!(
        admin
            .patch(&path)
            .json(&json!({ "status": "disabled" }))
            .send()
            .await
            .status,
        200
    );
    for (query, found) in [
        ("status=disabled", vec!["zoe@"]),
        ("status=disabled&q=ada", vec!["zoe@"]),
        ("status=active&q=ada", vec!["ada@", "Adam@"]),
        ("role=admin", vec!["root@"]),
        ("role=admin&status=disabled", vec![]),
        (
            "role=member&status=active&sort=email",
            vec!["ada@", "Adam@", "percent@", "äda@"],
        ),
        (
            "role=member&sort=-email",
            vec!["äda@", "zoe@", "percent@", "Adam@", "ada@"],
        ),
        ("role=member", vec!["äda@", "percent@", "Adam@", "ada@", "zoe@"]),
        (
            "role=member&sort=created_at",
            vec!["zoe@", "ada@", "Adam@", "percent@", "äda@"],
        ),
        ("role=member&q=ada", vec!["ada@", "zoe@", "Adam@"]),
        ("role=unknown", vec![]),
    ] {
        let expected: Vec<_> = found.iter().map(|start| format!("{start}example.com")).collect();
        for limit in [1, 2, 50] {
            assert_eq!(
                emails(&admin, &format!("/api/users?{query}&limit={limit}")).await,
                expected,
                "{query}"
            );
        }
        let first = admin.get(&format!("/api/users?{query}")).send().await;
        assert_eq!(
            first.header("x-total-count"),
            Some(found.len().to_string().as_str()),
            "{query}"
        );
    }
}

async fn total_count_is_capped(engine: Engine) {
    let server = TestServer::start(engine).await;
    let admin = server.signed_in("root@example.com", &["admin"]).await;
    let count = async |query: &str| {
        let page = admin.get(&format!("/api/users?{query}")).send().await;
        let header = |name: &str| page.header(name).unwrap_or_default().to_owned();
        (header("x-total-count"), header("x-total-count-kind"))
    };
    let expected = |count: &str, kind: &str| (count.to_owned(), kind.to_owned());
    let seed = async |from: usize, to: usize| {
        let users = (from..to).map(|n| SeedUser {
            email: EmailAddress::parse(&format!("user{n}@example.com")).expect("an email"),
            display_name: DisplayName::parse(&format!("User {n}")).expect("a name"),
        });
        users::seed(&server.app, &Actor::operator(), users.collect())
            .await
            .expect("seeded");
    };
    seed(0, 1000).await;
    assert_eq!(count("q=user").await, expected("1000", "exact"));
    assert_eq!(count("").await, expected("1001", "exact"));
    seed(1000, 9_999).await;
    assert_eq!(count("q=user").await, expected("1000", "at_least"));
    assert_eq!(count("").await, expected("10000", "exact"));
    seed(9_999, 10_000).await;
    assert_eq!(count("").await, expected("10000", "at_least"));
    assert_eq!(count("status=disabled").await, expected("0", "exact"));
}

async fn user_cursor_is_bound_to_its_list(engine: Engine) {
    let (_server, admin) = with_users(engine).await;
    let cursor = async |path: &str| {
        let page = admin.get(path).send().await;
        let next = page.next_page().expect("a next page").to_owned();
        next.rsplit_once("cursor=").expect("a cursor").1.to_owned()
    };
    let plain = cursor("/api/users?limit=1").await;
    let mut flipped = plain.clone().into_bytes();
    flipped[4] = if flipped[4] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).expect("ASCII");
    let roles = cursor("/api/roles?limit=1").await;
    for query in [
        format!("cursor={plain}&sort=email"),
        format!("cursor={plain}&sort=-created_at"),
        format!("cursor={plain}&status=active"),
        format!("cursor={plain}&role=member"),
        format!("cursor={plain}&q=a"),
        format!("cursor={flipped}"),
        format!("cursor={plain}A"),
        format!("cursor={}", &plain[1..]),
        format!("cursor={roles}"),
        "cursor=x".to_owned(),
        "cursor=%F0%9F%98%80".to_owned(),
    ] {
        let response = admin.get(&format!("/api/users?{query}")).send().await;
        assert_eq!(response.problem(), (422, "validation_failed".to_owned()), "{query}");
        assert_eq!(
            response.field_error(),
            ("?cursor".to_owned(), "invalid_format".to_owned()),
            "{query}"
        );
    }
    assert_eq!(
        admin
            .get(&format!("/api/users?limit=3&cursor={plain}"))
            .send()
            .await
            .status,
        200
    );
}

async fn user_list_parameters_are_validated(engine: Engine) {
    let (_server, admin) = with_users(engine).await;
    for (query, name, code) in [
        ("limit=0", "limit", "out_of_range"),
        ("limit=201", "limit", "out_of_range"),
        ("limit=2147483648", "limit", "out_of_range"),
        ("limit=9223372036854775808", "limit", "out_of_range"),
        ("limit=-1", "limit", "invalid_type"),
        ("limit=1.5", "limit", "invalid_type"),
        ("limit=ten", "limit", "invalid_type"),
        ("limit=", "limit", "too_short"),
        ("limit=1&limit=2", "limit", "invalid_format"),
        ("sort=name", "sort", "not_allowed_value"),
        ("sort=email&q=a", "sort", "not_allowed_value"),
        ("status=gone", "status", "not_allowed_value"),
        ("status=", "status", "too_short"),
        ("role=Admin", "role", "invalid_format"),
        ("page=2", "page", "unknown_field"),
        ("q=%00", "q", "invalid_format"),
        ("q=%ff", "q", "invalid_format"),
        ("q=%ed%a0%80", "q", "invalid_format"),
    ] {
        let response = admin.get(&format!("/api/users?{query}")).send().await;
        assert_eq!(response.problem(), (422, "validation_failed".to_owned()), "{query}");
        assert_eq!(response.field_error(), (format!("?{name}"), code.to_owned()), "{query}");
    }
    let long = admin.get(&format!("/api/users?q={}", "a".repeat(101))).send().await;
    assert_eq!(long.field_error(), ("?q".to_owned(), "too_long".to_owned()));
    let many = admin.get("/api/users?limit=0&sort=x&status=y").send().await.json();
    assert_eq!(many["errors"].as_array().map(Vec::len), Some(3));
    for path in ["/api/users/me?x=1", "/api/permissions?limit=5", "/api/roles?q=a"] {
        assert_eq!(
            admin.get(path).send().await.problem(),
            (422, "validation_failed".to_owned()),
            "{path}"
        );
    }
}

async fn users_are_listed_by_id(engine: Engine) {
    let (_server, admin) = with_users(engine).await;
    let all = admin.all_rows("/api/users?sort=email").await;
    let id = |email: &str| {
        let user = all.iter().find(|user| user["email"] == email).expect("a user");
        text(&user["id"])
    };
    let ids = [
        id("zoe@example.com"),
        id("ada@example.com"),
        UNKNOWN_ID.to_owned(),
        id("ada@example.com"),
    ]
    .join(",");
    let found = emails(&admin, &format!("/api/users?sort=email&ids={ids}")).await;
    assert_eq!(found, ["ada@example.com", "zoe@example.com"]);
    assert_eq!(
        emails(&admin, &format!("/api/users?q=zoe&ids={ids}")).await,
        ["zoe@example.com"]
    );
    let first = admin.get(&format!("/api/users?limit=1&ids={ids}")).send().await;
    assert_eq!(first.header("x-total-count"), Some("2"));
    let many = vec![UNKNOWN_ID; 101].join(",");
    for (ids, code) in [
        ("x", "invalid_format"),
        (&format!("{UNKNOWN_ID},"), "invalid_format"),
        (&many, "too_long"),
    ] {
        let rejected = admin.get(&format!("/api/users?ids={ids}")).send().await;
        assert_eq!(rejected.field_error(), ("?ids".to_owned(), code.to_owned()), "{ids}");
    }
}
