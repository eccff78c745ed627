//! `user import`.

use std::fs;

use serde_json::json;

use crate::support::{Folder, on_postgres, stderr, stdout};

/// The table `users` of the `FastAPI` application in `bench/fastapi-guide` after two sign-ups:
/// `SELECT email, hashed_password AS password_hash, created_at FROM users`.
const TABLE: &str = include_str!("data/guide-users.csv");
const PASSWORD: &str = "correct horse battery";

fn import(folder: &Folder, settings: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let line = [&["user", "import", "users.csv"], arguments].concat();
    let output = folder.command(&line).envs(settings.iter().copied()).output();
    let output = output.expect("the program runs");
    (output.status.code(), stdout(&output), stderr(&output))
}

fn imported_users_sign_in(settings: &[(&str, &str)]) {
    let folder = Folder::new();
    let migrated = folder
        .command(&["migrate", "up"])
        .envs(settings.iter().copied())
        .output();
    assert!(migrated.expect("the program runs").status.success());
    let path = folder.path().join("users.csv");
    fs::write(&path, TABLE).expect("written");
    let (code, output, _) = import(&folder, settings, &[]);
    let expected = "2\tnew\tada@example.com\t\n3\tnew\tgrace@example.com\t\n\
                    2 new, 0 existing, 0 invalid; dry run, use --apply to create the new users\n";
    assert_eq!((code, output.as_str()), (Some(0), expected));
    let list = || {
        let listed = folder
            .command(&["user", "list"])
            .envs(settings.iter().copied())
            .output();
        stdout(&listed.expect("the program runs"))
    };
    assert_eq!(list(), "", "a dry run changes nothing");

    // The first import has only one row; the second one has all rows, and some invalid ones.
    let first = TABLE.lines().take(2).collect::<Vec<_>>().join("\n");
    fs::write(&path, first).expect("written");
    let (code, output, _) = import(&folder, settings, &["--apply", "--verified"]);
    assert_eq!(
        (code, output.lines().last()),
        (Some(0), Some("1 created, 0 existing, 0 invalid"))
    );
    let extended = format!(
        "{TABLE}Ada@example.com,,\nlinus,,\nlinus@example.com,md5,\nmary@example.com,,2999-01-01\n\
         zero@example.com,,0001-01-01T00:00:00Z\nmongo@example.com,,1969-12-31 23:59:59\n\
         far@example.com,,+12020-01-01 00:00:00\nlater@example.com,,2999-01-01 00:00:00\n\
         \u{ff42}ob@example.com,,\n"
    );
    fs::write(&path, extended).expect("written");
    let (code, output, errors) = import(&folder, settings, &["--apply"]);
    assert_eq!(code, Some(1));
    assert!(errors.ends_with("9 rows are invalid\n"), "{errors}");
    for line in [
        "2\texists\tada@example.com\t",
        "3\tcreated\tgrace@example.com\t",
        "4\tinvalid\tAda@example.com\tline 2 has the same email",
        "5\tinvalid\t\temail ",
        "6\tinvalid\tlinus@example.com\tpassword_hash is not a bcrypt hash",
        "7\tinvalid\tmary@example.com\tcreated_at is not a valid time",
        "8\tinvalid\tzero@example.com\tcreated_at is before 1970",
        "9\tinvalid\tmongo@example.com\tcreated_at is before 1970",
        "10\tinvalid\tfar@example.com\tcreated_at is in the future",
        "11\tinvalid\tlater@example.com\tcreated_at is in the future",
        "12\tinvalid\t\temail must not contain \u{ff42}",
        "1 created, 1 existing, 9 invalid",
    ] {
        assert!(output.contains(line), "{line} is not in {output}");
    }

    let server = folder.serve_with(settings);
    for (email, verified, created_at) in [
        ("ada@example.com", true, "2026-11-25T18:48:03.000000Z"),
        ("grace@example.com", false, "2026-11-25T18:48:04.000000Z"),
    ] {
        // Twice, because the first sign-in upgrades the hash.
        for _ in 0..2 {
            let body = json!({ "email": email, "password": PASSWORD });
            let response = server.post("/api/auth/login", &body);
            assert_eq!(response.status, 200, "{}", response.text);
            let token = response.body["access_token"].as_str().expect("a token").to_owned();
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
fn imported_users_sign_in_on_sqlite() {
    imported_users_sign_in(&[]);
}

#[test]
fn imported_users_sign_in_on_postgres() {
    on_postgres(imported_users_sign_in);
}

#[test]
fn import_json_with_many_rows_and_roles() {
    let folder = Folder::migrated();
    let row = |n| json!({ "email": format!("user{n}@example.com"), "roles": ["admin"] }).to_string();
    let rows = (0..1200).map(row).collect::<Vec<_>>().join("\n");
    let unknown = json!({ "email": "eve@example.com", "roles": ["unknown"] });
    fs::write(folder.path().join("users.csv"), format!("{rows}\n{unknown}\n")).expect("written");
    let (code, output, _) = import(&folder, &[], &["--apply"]);
    assert_eq!(
        (code, output.lines().last()),
        (Some(1), Some("1200 created, 0 existing, 1 invalid"))
    );
    assert!(
        output.contains("1201\tinvalid\teve@example.com\tthere is no role unknown"),
        "{output}"
    );
    let listed = stdout(&folder.run(&["role", "list"]));
    assert!(listed.starts_with("admin\t1200\t"), "{listed}");
    let (code, _, error) = import(&folder, &[], &["--unknown"]);
    assert!(code == Some(2) && error.contains("--unknown"), "{error}");
}
