//! Many concurrent sign-ins, half of whose clients disconnect before the response.

use std::{cell::Cell, time::Duration};

use actix_web::rt::{
    self,
    net::TcpStream,
    time::{sleep, timeout},
};
use futures_util::future::{join, join_all};
use serde_json::json;
use vestibule_domain::Policy;
use vestibule_security::HashSettings;
use vestibule_testing::{Engine, TestServer, on_each_database};

use crate::support::WRONG_PASSWORD;

on_each_database!(sign_in_flood_does_not_exceed_hash_threads_or_block_requests);

const HASHES: HashSettings = HashSettings {
    // A few milliseconds for each hash, long enough to disconnect in the meantime.
    cost: 8,
    threads: 2,
    queue: 8,
    max_wait: Duration::from_mins(1),
};

/// Attempts a wrong password and disconnects while it is being hashed.
async fn attempt_and_disconnect(server: &TestServer) {
    let body = json!({ "email": "ada@example.com", "password": WRONG_PASSWORD }).to_string();
    let request = format!(
        "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let connection = TcpStream::connect(server.address()).await.expect("connected");
    connection.writable().await.expect("open");
    assert_eq!(connection.try_write(request.as_bytes()).expect("sent"), request.len());
    sleep(Duration::from_millis(2)).await;
}

/// Attempts a wrong password and returns whether the server rejected it for lack of a free hash thread.
async fn is_shed(server: &TestServer) -> bool {
    let body = json!({ "email": "ada@example.com", "password": WRONG_PASSWORD });
    let response = server.client().post("/api/auth/login").json(&body).send().await;
    if response.status == 401 {
        return false;
    }
    assert_eq!(response.problem(), (503, "unavailable".to_owned()));
    let retry_after = response.header("retry-after").and_then(|text| text.parse().ok());
    assert!(retry_after.is_some_and(|seconds: u64| seconds >= 1), "{retry_after:?}");
    true
}

async fn sign_in_flood_does_not_exceed_hash_threads_or_block_requests(engine: Engine) {
    let policy = Policy {
        rate_limits: false,
        ..Policy::default()
    };
    let server = TestServer::with_hash_settings(engine, policy, HASHES).await;
    let ada = server.signed_in("ada@example.com", &["member"]).await;
    let is_over = Cell::new(false);
    let flood = async {
        for _ in 0..4 {
            let waiting = join_all((0..20).map(|_| is_shed(&server)));
            let shed = join(waiting, join_all((0..20).map(|_| attempt_and_disconnect(&server))))
                .await
                .0;
            let count = shed.iter().filter(|is_shed| **is_shed).count();
            assert!((1..20).contains(&count), "{count} of 20 were shed");
        }
        is_over.set(true);
    };
    let monitor = async {
        let mut max_running = 0;
        while !is_over.get() {
            let load = server.hasher.load();
            // A password that a thread has just taken from the queue still counts as waiting.
            assert!(load.running <= 2 && load.running + load.waiting <= 2 + 8, "{load:?}");
            max_running = max_running.max(load.running);
            assert_eq!(ada.get("/api/users/me").send().await.status, 200);
        }
        assert_eq!(max_running, 2, "the flood uses every thread");
    };
    join(flood, monitor).await;
    let drained = async {
        while server.hasher.load().running + server.hasher.load().waiting > 0 {
            rt::task::yield_now().await;
        }
    };
    timeout(Duration::from_mins(1), drained)
        .await
        .expect("hashes of disconnected clients end");
    server.client().sign_in("ada@example.com").await;
}
