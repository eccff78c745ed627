//! A service of somebody else, which knows the server by its public keys and `GET /api/users/me` alone.

use std::{net::TcpListener, sync::mpsc::channel, thread, time::Duration};

use second_service::Settings;
use serde_json::json;

use crate::support::{Folder, Http, Server, stderr, stdout};

const PASSWORD: &str = "correct horse battery";

/// Starts the second service; it ends with the test.
fn second_service(accounts: &Http, rights_ttl: Duration) -> Http {
    let settings = Settings {
        accounts: format!("http://{}", accounts.address()),
        issuer: "http://localhost:8000".to_owned(),
        audience: "http://localhost:8000".to_owned(),
        rights_ttl,
        keys_pause: Duration::ZERO,
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (started, wait) = channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = second_service::run(settings, listener).expect("the service runs");
            started.send(()).expect("the test waits");
            server.await
        })
    });
    wait.recv().expect("it starts");
    Http::at(address)
}

fn sign_in(server: &Server, email: &str) -> String {
    let answer = server.post("/api/auth/login", &json!({ "email": email, "password": PASSWORD }));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["access_token"].as_str().expect("a token").to_owned()
}

fn orders(service: &Http, token: &str) -> u16 {
    service.get("/orders", Some(token)).status
}

fn key(folder: &Folder, algorithm: &str) -> String {
    stdout(&folder.run(&["key", "generate", algorithm]))
}

/// Ada, who may read orders, Eve, who may not, and an administrator.
fn people(folder: &Folder) {
    assert!(folder.run(&["migrate", "up"]).status.success());
    for arguments in [
        &["user", "create", "ada@example.com"][..],
        &["user", "create", "eve@example.com"],
        &["user", "create", "--admin", "root@example.com"],
    ] {
        let created = folder.run_with_input(arguments, PASSWORD);
        assert!(created.status.success(), "{}", stderr(&created));
    }
}

fn role_for_orders(folder: &Folder, server: &Server) {
    let root = sign_in(server, "root@example.com");
    let role = json!({ "name": "clerk", "permissions": ["orders:read"] });
    assert_eq!(server.post_as(&root, "/api/roles", &role).status, 201);
    assert!(
        folder
            .run(&["role", "grant", "ada@example.com", "clerk"])
            .status
            .success()
    );
}

#[test]
fn it_lets_people_in_by_their_permissions_while_keys_change() {
    let folder = Folder::new();
    people(&folder);
    let (old, new) = (key(&folder, "ES256"), key(&folder, "EdDSA"));
    let serve = |addr: &str, algorithm: &str, keys: &str| {
        folder.serve_with(&[
            ("VESTIBULE_ADDR", addr),
            ("VESTIBULE_JWT_ALGORITHM", algorithm),
            ("VESTIBULE_JWT_PRIVATE_KEY", keys),
        ])
    };
    let server = serve("127.0.0.1:0", "ES256", &old);
    let addr = server.address().to_string();
    role_for_orders(&folder, &server);
    let service = second_service(&server, Duration::from_hours(1));
    let [ada, eve, root] = ["ada", "eve", "root"].map(|name| sign_in(&server, &format!("{name}@example.com")));
    assert_eq!(orders(&service, &ada), 200);
    assert_eq!(orders(&service, &eve), 403);
    assert_eq!(orders(&service, &root), 200, "an administrator has every permission");
    assert_eq!(service.get("/orders", None).status, 401);
    assert_eq!(orders(&service, &format!("{}x", &ada)), 401);
    server.stop();

    // Rights that are known hold without the server; nobody else's can be asked.
    assert_eq!(orders(&service, &ada), 200);

    let server = serve(&addr, "EdDSA", &format!("{new}{old}"));
    let by_new_key = sign_in(&server, "ada@example.com");
    assert_ne!(by_new_key.split('.').next(), ada.split('.').next());
    assert_eq!(orders(&service, &by_new_key), 200, "the new key was fetched");
    assert_eq!(orders(&service, &ada), 200, "the old one is still published");
    server.stop();

    let server = serve(&addr, "EdDSA", &new);
    let other = serve("127.0.0.1:0", "EdDSA", &key(&folder, "EdDSA"));
    let forged = sign_in(&other, "ada@example.com");
    assert_eq!(orders(&service, &forged), 401, "another server's key");
    assert_eq!(
        orders(&service, &ada),
        401,
        "the key set that was fetched for that one has the old key no more"
    );
    assert_eq!(orders(&service, &by_new_key), 200);
    server.stop();
    let unknown = sign_in(&other, "eve@example.com");
    assert_eq!(orders(&service, &unknown), 503, "the keys cannot be asked for");
}

#[test]
fn what_is_taken_away_is_gone_when_the_answer_has_grown_old() {
    let folder = Folder::new();
    people(&folder);
    let algorithm = ("VESTIBULE_JWT_ALGORITHM", "EdDSA");
    let server = folder.serve_with(&[algorithm, ("VESTIBULE_JWT_PRIVATE_KEY", &key(&folder, "EdDSA"))]);
    role_for_orders(&folder, &server);
    let (patient, strict) = (
        second_service(&server, Duration::from_hours(1)),
        second_service(&server, Duration::ZERO),
    );
    let ada = sign_in(&server, "ada@example.com");
    assert_eq!([orders(&patient, &ada), orders(&strict, &ada)], [200, 200]);
    assert!(
        folder
            .run(&["role", "revoke", "ada@example.com", "clerk"])
            .status
            .success()
    );
    assert_eq!([orders(&patient, &ada), orders(&strict, &ada)], [200, 403]);
    assert!(folder.run(&["session", "revoke", "ada@example.com"]).status.success());
    assert_eq!([orders(&patient, &ada), orders(&strict, &ada)], [200, 401]);
}
