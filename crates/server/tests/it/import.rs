//! Users of another program move in.

use std::fs;

use serde_json::json;

use crate::support::{Folder, on_postgres, stderr, stdout};

/// The table `users` of the `FastAPI` application in `bench/fastapi-guide`, where two people had signed up:
/// `SELECT email, hashed_password AS password_hash, created_at FROM users`.
const TABLE: &str = include_str!("data/guide-users.csv");
const PASSWORD: &str = "correct horse battery";

fn import(folder: &Folder, settings: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let line = [&["user", "import", "users.csv"], arguments].concat();
    let done = folder.command(&line).envs(settings.iter().copied()).output();
    let done = done.expect("it runs");
    (done.status.code(), stdout(&done), stderr(&done))
}

fn users_of_the_guide_move_in_and_sign_in(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let migrated = folder
        .command(&["migrate", "up"])
        .envs(settings.iter().copied())
        .output();
    assert!(migrated.expect("it runs").status.success());
    let path = folder.path().join("users.csv");
    fs::write(&path, TABLE).expect("written");
    let (code, told, _) = import(&folder, settings, &[]);
    let expected = "2\tnew\tada@example.com\t\n3\tnew\tgrace@example.com\t\n\
                    2 new, 0 exist, 0 wrong; nothing was changed: --apply makes the new ones\n";
    assert_eq!((code, told.as_str()), (Some(0), expected));
    let list = || {
        let listed = folder
            .command(&["user", "list"])
            .envs(settings.iter().copied())
            .output();
        stdout(&listed.expect("it runs"))
    };
    assert_eq!(list(), "", "a dry run changes nothing");

    // Cut off after the first row, put right, and taken again.
    let first = TABLE.lines().take(2).collect::<Vec<_>>().join("\n");
    fs::write(&path, first).expect("written");
    let (code, told, _) = import(&folder, settings, &["--apply", "--verified"]);
    assert_eq!((code, told.lines().last()), (Some(0), Some("1 made, 0 exist, 0 wrong")));
    let wrong = format!(
        "{TABLE}Ada@example.com,,\nnobody,,\nlinus@example.com,md5,\nmary@example.com,,2999-01-01\n\
         zero@example.com,,0001-01-01T00:00:00Z\nmongo@example.com,,1969-12-31 23:59:59\n\
         far@example.com,,+12020-01-01 00:00:00\nlater@example.com,,2999-01-01 00:00:00\n\
         \u{ff42}ob@example.com,,\n"
    );
    fs::write(&path, wrong).expect("written");
    let (code, told, errors) = import(&folder, settings, &["--apply"]);
    assert_eq!(code, Some(1));
    assert!(errors.ends_with("9 rows are wrong\n"), "{errors}");
    for line in [
        "2\texists\tada@example.com\t",
        "3\tmade\tgrace@example.com\t",
        "4\twrong\tAda@example.com\tline 2 has the same address",
        "5\twrong\t\temail ",
        "6\twrong\tlinus@example.com\tpassword_hash is no bcrypt hash",
        "7\twrong\tmary@example.com\tcreated_at is no time",
        "8\twrong\tzero@example.com\tcreated_at is before 1970",
        "9\twrong\tmongo@example.com\tcreated_at is before 1970",
        "10\twrong\tfar@example.com\tcreated_at is later than now",
        "11\twrong\tlater@example.com\tcreated_at is later than now",
        "12\twrong\t\temail must not contain \u{ff42}",
        "1 made, 1 exist, 9 wrong",
    ] {
        assert!(told.contains(line), "{line} is not in {told}");
    }

    let server = folder.serve_with(settings);
    for (email, verified, created_at) in [
        ("ada@example.com", true, "2026-11-25T18:48:03.000000Z"),
        ("grace@example.com", false, "2026-11-25T18:48:04.000000Z"),
    ] {
        // Twice: the first time renews the hash.
        for _ in 0..2 {
            let body = json!({ "email": email, "password": PASSWORD });
            let answer = server.post("/api/auth/login", &body);
            assert_eq!(answer.status, 200, "{}", answer.text);
            let token = answer.body["access_token"].as_str().expect("a token").to_owned();
            let me = server.get("/api/users/me", Some(&token)).body;
            assert_eq!((&me["email"], &me["email_verified"]), (&json!(email), &json!(verified)));
            assert_eq!(
                (&me["created_at"], &me["roles"]),
                (&json!(created_at), &json!(["member"]))
            );
        }
        let wrong = json!({ "email": email, "password": "wrong horse battery" });
        assert_eq!(server.post("/api/auth/login", &wrong).status, 401);
    }
}

#[test]
fn users_of_the_guide_move_in_and_sign_in_on_sqlite() {
    users_of_the_guide_move_in_and_sign_in(&[]);
}

#[test]
fn users_of_the_guide_move_in_and_sign_in_on_postgres() {
    on_postgres(users_of_the_guide_move_in_and_sign_in);
}

#[test]
fn many_rows_and_roles_come_from_json() {
    let folder = Folder::migrated();
    let row = |n| json!({ "email": format!("user{n}@example.com"), "roles": ["admin"] }).to_string();
    let rows = (0..1200).map(row).collect::<Vec<_>>().join("\n");
    let unknown = json!({ "email": "eve@example.com", "roles": ["nobody"] });
    fs::write(folder.path().join("users.csv"), format!("{rows}\n{unknown}\n")).expect("written");
    let (code, told, _) = import(&folder, &[], &["--apply"]);
    assert_eq!(
        (code, told.lines().last()),
        (Some(1), Some("1200 made, 0 exist, 1 wrong"))
    );
    assert!(
        told.contains("1201\twrong\teve@example.com\tno role has the name nobody"),
        "{told}"
    );
    let listed = stdout(&folder.run(&["role", "list"]));
    assert!(listed.starts_with("admin\t1200\t"), "{listed}");
    let (code, _, told) = import(&folder, &[], &["--nonsense"]);
    assert!(code == Some(2) && told.contains("--nonsense"), "{told}");
}
