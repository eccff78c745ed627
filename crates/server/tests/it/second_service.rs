//! The example service, which depends on the server only through its public keys and `GET /api/users/me`.

use std::{net::TcpListener, sync::mpsc::channel, thread, time::Duration};

use second_service::Settings;
use serde_json::json;

use crate::support::{Folder, Http, Server, stderr, stdout};

const PASSWORD: &str = "correct horse battery";

/// Starts the second service on a thread that ends with the test process.
fn second_service(vestibule: &Http, permissions_ttl: Duration) -> Http {
    let settings = Settings {
        vestibule_url: format!("http://{}", vestibule.address()),
        issuer: "http://localhost:8000".to_owned(),
        audience: "http://localhost:8000".to_owned(),
        permissions_ttl,
        min_key_refresh_interval: Duration::ZERO,
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
    let response = server.post("/api/auth/login", &json!({ "email": email, "password": PASSWORD }));
    assert_eq!(response.status, 200, "{}", response.body);
    response.body["access_token"].as_str().expect("a token").to_owned()
}

fn orders(service: &Http, token: &str) -> u16 {
    service.get("/orders", Some(token)).status
}

fn key(folder: &Folder, algorithm: &str) -> String {
    stdout(&folder.run(&["key", "generate", algorithm]))
}

/// Creates Ada, Eve and an administrator. Later, only Ada gets the role that may read orders.
fn create_users(folder: &Folder) {
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

fn grant_orders_read_to_ada(folder: &Folder, server: &Server) {
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
fn second_service_authorizes_by_permission_across_key_rotation() {
    let folder = Folder::new();
    create_users(&folder);
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
    grant_orders_read_to_ada(&folder, &server);
    let service = second_service(&server, Duration::from_hours(1));
    let [ada, eve, root] = ["ada", "eve", "root"].map(|name| sign_in(&server, &format!("{name}@example.com")));
    assert_eq!(orders(&service, &ada), 200);
    assert_eq!(orders(&service, &eve), 403);
    assert_eq!(orders(&service, &root), 200, "an administrator has every permission");
    assert_eq!(service.get("/orders", None).status, 401);
    assert_eq!(orders(&service, &format!("{}x", &ada)), 401);
    server.stop();

    // Cached permissions work without the server.
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
    assert_eq!(orders(&service, &forged), 401, "the key of a different server");
    assert_eq!(
        orders(&service, &ada),
        401,
        "the key set fetched for the forged token no longer has the old key"
    );
    assert_eq!(orders(&service, &by_new_key), 200);
    server.stop();
    let unknown = sign_in(&other, "eve@example.com");
    assert_eq!(orders(&service, &unknown), 503, "the keys cannot be fetched");
}

#[test]
fn revoked_permission_is_rejected_after_cache_expiry() {
    let folder = Folder::new();
    create_users(&folder);
    let algorithm = ("VESTIBULE_JWT_ALGORITHM", "EdDSA");
    let server = folder.serve_with(&[algorithm, ("VESTIBULE_JWT_PRIVATE_KEY", &key(&folder, "EdDSA"))]);
    grant_orders_read_to_ada(&folder, &server);
    let (caching, uncached) = (
        second_service(&server, Duration::from_hours(1)),
        second_service(&server, Duration::ZERO),
    );
    let ada = sign_in(&server, "ada@example.com");
    assert_eq!([orders(&caching, &ada), orders(&uncached, &ada)], [200, 200]);
    assert!(
        folder
            .run(&["role", "revoke", "ada@example.com", "clerk"])
            .status
            .success()
    );
    assert_eq!([orders(&caching, &ada), orders(&uncached, &ada)], [200, 403]);
    assert!(folder.run(&["session", "revoke", "ada@example.com"]).status.success());
    assert_eq!([orders(&caching, &ada), orders(&uncached, &ada)], [200, 401]);
}
