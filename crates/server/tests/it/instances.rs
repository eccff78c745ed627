//! Several instances on one PostgreSQL, and a PostgreSQL that is busy with something else.

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

/// An access token of somebody new.
fn token(server: &Server) -> String {
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(server.post("/api/users", &ada).status, 201);
    let tokens = server.post("/api/auth/login", &ada).body;
    tokens["access_token"].as_str().expect("a token").to_owned()
}

/// Sends a request as a proxy in front would: an instance that does not take it, or goes away before it
/// has said a word, is passed over for the other one.
fn through_a_proxy(instances: [SocketAddr; 2], turn: usize, request: &str) -> Option<String> {
    let attempt = |address: SocketAddr| {
        let mut stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        if answer.is_empty() {
            return None;
        }
        read.expect("an answer that was begun is finished");
        Some(String::from_utf8(answer).expect("UTF-8"))
    };
    attempt(instances[turn % 2]).or_else(|| attempt(instances[(turn + 1) % 2]))
}

#[test]
fn instances_are_replaced_one_by_one_and_nobody_notices() {
    let Some(database) = database() else { return };
    let folder = Folder::new();
    let mut servers = [(); 2].map(|()| serve(&folder, database.url(), "127.0.0.1:0"));
    let instances = [servers[0].address(), servers[1].address()];
    let token = token(&servers[0]);
    let request =
        format!("GET /api/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (request, over, answered) = (request.clone(), Arc::clone(&over), Arc::clone(&answered));
            thread::spawn(move || {
                while !over.load(SeqCst) {
                    let turn = answered.fetch_add(1, SeqCst);
                    let answer = through_a_proxy(instances, turn, &request).expect("one of them answers");
                    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
                    assert!(answer.contains("ada@example.com"), "{answer}");
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
    over.store(true, SeqCst);
    for client in clients {
        client.join().expect("no request failed");
    }
}

/// Holds what everything needs, and lets go when the test says so.
async fn hold(url: &str) -> sea_orm::DatabaseTransaction {
    let other = Database::connect(url).await.expect("connected");
    let held = other.begin().await.expect("begun");
    for table in ["users", "sessions"] {
        let lock = format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        held.execute_unprepared(&lock).await.expect("locked");
    }
    held
}

#[test]
fn while_all_connections_are_taken_the_server_says_so_and_then_goes_on() {
    let Some(database) = database() else { return };
    let folder = Folder::new();
    let server = serve(&folder, database.url(), "127.0.0.1:0");
    let token = token(&server);
    let runtime = actix_web::rt::System::new();
    let held = runtime.block_on(hold(database.url()));
    let address = server.address();
    // More sign-ins than there are connections: each of these keeps one until it is let go.
    let stuck: Vec<_> = (0..16)
        .map(|_| {
            thread::spawn(move || {
                let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
                Http::at(address).post("/api/auth/login", &ada).status
            })
        })
        .collect();
    server.wait_for_readiness(503);
    assert_eq!(server.get("/health/live", None).status, 200);
    let mut refused = server.connect();
    refused.send(&format!(
        "GET /api/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    ));
    let refused = refused.answer();
    assert_eq!((refused.status, &refused.body["code"]), (503, &json!("unavailable")));
    assert!(refused.retry_after.is_some_and(|seconds| seconds > 0));

    runtime.block_on(async { held.rollback().await.expect("let go") });
    server.wait_for_readiness(200);
    assert_eq!(server.get("/api/users/me", Some(&token)).status, 200);
    let statuses: Vec<u16> = stuck.into_iter().map(|one| one.join().expect("answered")).collect();
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert!(
        statuses.contains(&503),
        "there were more of them than connections: {statuses:?}"
    );
}
