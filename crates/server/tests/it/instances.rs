//! Several instances on one PostgreSQL database, and an exhausted connection pool.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use serde_json::json;
use vestibule_testing::postgres;

use crate::support::{Folder, Http, Server, wait_until};

const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";
const PASSWORD: &str = "correct horse battery";

fn serve(folder: &Folder, url: &str, addr: &str) -> Server {
    folder.serve_with(&[
        ("DATABASE_URL", url),
        ("VESTIBULE_SECRET_KEY", KEY),
        ("VESTIBULE_ADDR", addr),
    ])
}

fn database() -> Option<postgres::Database> {
    actix_web::rt::System::new().block_on(postgres::empty())
}

/// Creates a user and returns an access token.
fn token(server: &Server) -> String {
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/users", &ada).status, 201);
    let tokens = server.post("/api/auth/login", &ada).body;
    tokens["access_token"].as_str().expect("a token").to_owned()
}

/// Sends a request like a load balancer: if an instance accepts no connection, or closes it without a response, sends the
/// request to the other instance.
fn send_balanced(instances: [SocketAddr; 2], number: usize, request: &str) -> Option<String> {
    let attempt = |address: SocketAddr| {
        let mut stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut response = Vec::new();
        let read = stream.read_to_end(&mut response);
        if response.is_empty() {
            return None;
        }
        read.expect("a complete response");
        Some(String::from_utf8(response).expect("UTF-8"))
    };
    attempt(instances[number % 2]).or_else(|| attempt(instances[(number + 1) % 2]))
}

#[test]
fn rolling_restart_serves_every_request() {
    let Some(database) = database() else { return };
    let folder = Folder::new();
    let mut servers = [(); 2].map(|()| serve(&folder, database.url(), "127.0.0.1:0"));
    let instances = [servers[0].address(), servers[1].address()];
    let token = token(&servers[0]);
    let request =
        format!("GET /api/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (request, stop, answered) = (request.clone(), Arc::clone(&stop), Arc::clone(&answered));
            thread::spawn(move || {
                while !stop.load(SeqCst) {
                    let number = answered.fetch_add(1, SeqCst);
                    let response = send_balanced(instances, number, &request).expect("one instance responds");
                    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
                    assert!(response.contains("ada@example.com"), "{response}");
                }
            })
        })
        .collect();
    for _ in 0..2 {
        for (server, address) in servers.iter_mut().zip(instances) {
            let before = answered.load(SeqCst);
            server.terminate();
            *server = serve(&folder, database.url(), &address.to_string());
            wait_until("200 more requests are answered", || {
                answered.load(SeqCst) >= before + 200 || clients.iter().any(thread::JoinHandle::is_finished)
            });
        }
    }
    stop.store(true, SeqCst);
    for client in clients {
        client.join().expect("no request failed");
    }
}

/// Locks tables that every request needs, until the returned transaction ends.
async fn lock_tables(url: &str) -> sea_orm::DatabaseTransaction {
    let other = Database::connect(url).await.expect("connected");
    let transaction = other.begin().await.expect("begun");
    for table in ["users", "sessions"] {
        let lock = format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        transaction.execute_unprepared(&lock).await.expect("locked");
    }
    transaction
}

#[test]
fn exhausted_connection_pool_returns_503_and_recovers() {
    let Some(database) = database() else { return };
    let folder = Folder::new();
    let server = serve(&folder, database.url(), "127.0.0.1:0");
    let token = token(&server);
    let runtime = actix_web::rt::System::new();
    let held = runtime.block_on(lock_tables(database.url()));
    let address = server.address();
    // More sign-ins than connections. Each occupies a connection until its lock times out, then
    // its client tries again until the lock is released. Each client has its own quota of attempts.
    let released = Arc::new(AtomicBool::new(false));
    let stuck: Vec<_> = (0..16)
        .map(|client| {
            let released = Arc::clone(&released);
            thread::spawn(move || {
                let email = format!("unknown-{client}@example.com");
                let unknown = json!({ "email": email, "password": PASSWORD });
                loop {
                    let status = Http::at(address).post("/api/auth/login", &unknown).status;
                    if status != 503 || released.load(SeqCst) {
                        return status;
                    }
                }
            })
        })
        .collect();
    server.wait_for_readiness(503);
    assert_eq!(server.get("/health/live", None).status, 200);
    let mut connection = server.connect();
    connection.send(&format!(
        "GET /api/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    ));
    let response = connection.response();
    assert_eq!((response.status, &response.body["code"]), (503, &json!("unavailable")));
    assert!(response.retry_after.is_some_and(|seconds| seconds > 0));

    runtime.block_on(async { held.rollback().await.expect("released") });
    released.store(true, SeqCst);
    server.wait_for_readiness(200);
    assert_eq!(server.get("/api/users/me", Some(&token)).status, 200);
    let statuses: Vec<u16> = stuck
        .into_iter()
        .map(|client| client.join().expect("answered"))
        .collect();
    assert!(
        statuses.iter().all(|status| [401, 503].contains(status)),
        "{statuses:?}"
    );
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/auth/login", &ada).status, 200, "sign-in works again");
}
